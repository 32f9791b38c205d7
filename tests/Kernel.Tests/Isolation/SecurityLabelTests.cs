using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Kernel.Tests.Isolation;

/// <summary>
/// A label on a kernel without a security module: the plan is made by hand, and the kernel's refusal tells that it was asked.
/// </summary>
public sealed class SecurityLabelTests(TestHost host) : KernelTest(host)
{
    // CVE-2019-16884: with the image's own folder in place of /proc the label went into a file, and the command ran without one.
    [Theory]
    [Trait("Needs", OnlyOnHost)]
    [InlineData(true, "exec label")]
    [InlineData(false, "label")]
    public void Label_goes_to_the_kernel_and_not_to_a_file_of_the_container(bool isAppArmor, string text)
    {
        Assert.SkipWhen(SecurityModules.OfThisMachine is not { AppArmor: false, SeLinux: false }, "the kernel would take the label");
        var root = Path.Join(Host.Scratch, "root-with-fake-attributes");
        HostCommand.Run("/bin/cp", "-a", Host.BusyboxRoot, root).Text();
        var files = new[] { "exec", "apparmor/exec" }.SelectMany(
            file => new[] { $"self/attr/{file}", $"thread-self/attr/{file}" }).Select(file => Path.Join(root, "proc", file)).ToList();
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "untouched");
        }

        var result = Supervise(Plan(root, new SetExecLabel("process.label", "label", isAppArmor)));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(
            $"process.label: write('{text}' to /proc/self/attr/exec): Invalid argument (EINVAL)", result.Error, StringComparison.Ordinal);
        Assert.All(files, file => Assert.Equal("untouched", File.ReadAllText(file)));
        Directory.Delete(root, recursive: true);
    }

    private LaunchPlan Plan(string root, SetExecLabel label)
    {
        var spec = BundleRun.Spec(Host, "true");
        spec = spec with
        {
            Root = new RootSpec { Path = root },
            Mounts = [.. spec.Mounts!.Where(mount => mount.Destination != "/proc")],
        };
        var plan = LaunchPlan.Build(spec, new LaunchOptions
        {
            Id = "label",
            RootPath = spec.Root!.Path,
            Cgroups = CgroupPlan.Build(CgroupHierarchies.OfSelf(), spec.Linux!.CgroupsPath!, spec.Linux.Resources),
            Flags = PlanFlags.Foreground | PlanFlags.InheritOutput,
        });
        return plan with { ContainerSteps = [.. plan.ContainerSteps.SelectMany(step => With(step, label))] };
    }

    // As LaunchPlan has them on a machine with the module.
    private static LaunchStep[] With(LaunchStep step, SetExecLabel label) => step switch
    {
        PivotRoot => [new OpenExecAttributes(), step],
        SetUmask => [step, label],
        _ => [step],
    };

    private HostCommandResult Supervise(LaunchPlan plan)
    {
        var file = Path.Join(Host.Scratch, "plan");
        File.WriteAllBytes(file, plan.Encode());
        return HostCommand.Run("sh", "-c", "exec 3< \"$1\" && exec \"$0\" supervise", Repository.Launcher, file);
    }
}
