using System.Globalization;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Launch;

/// <summary>The steps after the pivot: what the process is, and everything it gives up before it becomes the command.</summary>
internal static class ProcessSteps
{
    private const uint DefaultUmask = 0x12; // 022

    internal static List<LaunchStep> Build(RuntimeSpec spec, ProcessSpec process, SystemCallFilter? filter, LaunchOptions options)
    {
        var steps = new List<LaunchStep>();
        var user = options.User;
        steps.AddRange(ProcessAttributes.Build(spec, process));
        steps.Add(new FindUser(
            user ?? NumericUser(process.User), process.User.AdditionalGids ?? [], IsMemberOfFirstGroup: user is not null));
        steps.Add(new WorkingDirectory(process.Cwd));
        steps.Add(new SetUmask(process.User.Umask ?? DefaultUmask));
        if (process.Terminal)
        {
            steps.Add(new AttachTerminal());
        }

        steps.AddRange(SecurityLabel.Build(process));

        // Before a system call filter that may not know the call, and before anything of the image is executed.
        steps.Add(new CloseDescriptors());

        // Behind every step that opens a file, for which a limit of a few descriptors would leave none, and before raising one becomes
        // impossible.
        steps.AddRange(ResourceLimit.Build(process.Rlimits));

        LaunchStep[] seccomp = filter is null ? [] : [new LoadSeccomp(filter.Program, filter.Flags)];

        // Without no_new_privs the kernel takes a filter only from a process with CAP_SYS_ADMIN, which is about to go.
        if (!process.NoNewPrivileges)
        {
            steps.AddRange(seccomp);
        }

        var command = process.Args is [var first, ..] ? first : "";
        steps.AddRange(Identity(process.Capabilities));
        steps.Add(new FindCommand(command));
        if (options.Flags.HasFlag(PlanFlags.Detached))
        {
            steps.Add(new Release(options.Flags.HasFlag(PlanFlags.AwaitStart)));
        }

        steps.AddRange(RunHook.All(spec.Hooks?.StartContainer, "startContainer", HookStatus.Created));

        // With it the filter comes as late as possible, so that it need not allow what the steps above call.
        if (process.NoNewPrivileges)
        {
            steps.Add(new NoNewPrivileges());
            steps.AddRange(seccomp);
        }

        steps.Add(new Execute(command));
        return steps;
    }

    // The bounding set goes first, while CAP_SETPCAP is there; the user changes before the other sets, for which it keeps what is
    // permitted.
    private static List<LaunchStep> Identity(LinuxCapabilities? capabilities)
    {
        if (capabilities is null)
        {
            return [new ChangeUser()];
        }

        var supported = CapabilitySet.Supported;

        // The kernel takes into the ambient set only what is permitted and inheritable. `runc spec` itself asks for more, and gets this.
        var ambient = Set(capabilities.Ambient) & Set(capabilities.Inheritable) & Set(capabilities.Permitted) & supported;
        List<LaunchStep> steps =
        [
            new DropBoundingCapabilities(Set(capabilities.Bounding), CapabilitySet.LastCapability),
            new ChangeUser(),
            new SetCapabilities(
                Set(capabilities.Permitted) & supported,
                Set(capabilities.Effective) & supported,
                Set(capabilities.Inheritable) & supported),
        ];
        if (ambient != 0)
        {
            steps.Add(new RaiseAmbientCapabilities(ambient));
        }

        return steps;
    }

    private static ulong Set(IReadOnlyList<string>? names) => CapabilitySet.Parse(names ?? []);

    private static string NumericUser(UserSpec user) => string.Create(CultureInfo.InvariantCulture, $"{user.Uid}:{user.Gid}");
}
