using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Oci;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Containers;

/// <summary>Decides what a container will run, and as what: the request over the image's defaults, with Docker's precedence.</summary>
internal static class SettingsResolution
{
    private const int LongestHostname = 63;

    public static ContainerSettings Resolve(ContainerCreation creation, ContainerConfig image)
    {
        CheckLimits(creation);
        CheckHostname(creation.Hostname);
        var workingDirectory = creation.WorkingDirectory ?? NotEmpty(image.WorkingDir) ?? "/";
        if (workingDirectory[..Math.Min(1, workingDirectory.Length)] != "/" || workingDirectory.Contains('\0', StringComparison.Ordinal))
        {
            throw EngineErrors.InvalidWorkingDirectory(workingDirectory);
        }

        return new ContainerSettings
        {
            Arguments = Arguments(creation, image),
            Environment = Environment(creation, image),
            User = User(creation, image),
            WorkingDirectory = workingDirectory,
            Hostname = creation.Hostname,
            Network = creation.Network,
            Memory = creation.Memory,
            Cpus = creation.Cpus,
            PidsLimit = creation.PidsLimit,
            ReadOnly = creation.ReadOnly,
            Labels = Labels(creation, image),
            StopSignal = StopSignal.Parse(image.StopSignal),
        };
    }

    /// <summary>The limits in the form that RUNTIME checks and writes.</summary>
    public static ResourceLimits LimitsOf(long? memory, double? cpus, long? pids) =>
        new() { Memory = memory, Cpus = cpus, PidsLimit = pids };

    // An entry point of one's own drops the image's command: it was meant for the image's entry point.
    private static List<string> Arguments(ContainerCreation creation, ContainerConfig image)
    {
        var entrypoint = creation.Entrypoint ?? image.Entrypoint ?? [];
        var command = creation.Command is { Count: > 0 } given ? given : creation.Entrypoint is null ? image.Cmd ?? [] : [];
        var arguments = new List<string>(entrypoint.Count + command.Count);

        // One empty text is how an entry point is taken away on a command line.
        if (entrypoint is not [""])
        {
            arguments.AddRange(entrypoint);
        }

        arguments.AddRange(command);
        if (arguments.Count == 0 || arguments[0].Length == 0)
        {
            throw EngineErrors.ImageCommandMissing(creation.Image);
        }

        return arguments.Find(argument => argument.Contains('\0', StringComparison.Ordinal)) is { } broken
            ? throw EngineErrors.InvalidArgument(broken, "an argument contains a NUL character")
            : arguments;
    }

    private static IReadOnlyList<string> Environment(ContainerCreation creation, ContainerConfig image)
    {
        var environment = new EnvironmentList();
        environment.Set("PATH", DefaultRuntimeSpec.Path);
        environment.SetAll(image.Env ?? []);
        foreach (var (name, value) in creation.Environment ?? new Dictionary<string, string>())
        {
            environment.Set(name, value);
        }

        return environment.ToList();
    }

    private static string User(ContainerCreation creation, ContainerConfig image)
    {
        var user = NotEmpty(creation.User) ?? image.User ?? "";
        return user.Count(':') <= 1 && !user.AsSpan().ContainsAny('\0', '\n', '/') && !user.StartsWith(':')
            ? user
            : throw EngineErrors.InvalidUser(user);
    }

    private static Dictionary<string, string> Labels(ContainerCreation creation, ContainerConfig image)
    {
        var labels = new Dictionary<string, string>(image.Labels ?? new Dictionary<string, string>());
        foreach (var (key, value) in creation.Labels ?? new Dictionary<string, string>())
        {
            labels[key] = value;
        }

        return labels;
    }

    private static void CheckLimits(ContainerCreation creation)
    {
        if (creation.Memory is null && creation.Cpus is null && creation.PidsLimit is null)
        {
            return;
        }

        var limits = LimitsOf(creation.Memory, creation.Cpus, creation.PidsLimit);
        try
        {
            limits.Check(CpuList.Online());

            // A machine may lack the controller; better said now than at the start.
            CgroupPlan.Build(CgroupHierarchies.OfSelf(), "/pscontainers/check", limits.ToLinuxResources());
        }
        catch (InvalidSettingException e)
        {
            throw EngineErrors.InvalidLimit(e.Setting, e.Message, e);
        }
    }

    // sethostname(2) takes 64 bytes; RFC 1123 says which.
    private static void CheckHostname(string? hostname)
    {
        if (hostname is null)
        {
            return;
        }

        var isValid = hostname.Length is > 0 and <= LongestHostname && hostname[0] is not ('-' or '.');
        if (!isValid || !hostname.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw EngineErrors.InvalidHostname(hostname);
        }
    }

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
