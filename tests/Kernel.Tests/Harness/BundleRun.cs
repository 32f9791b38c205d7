using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>`psc-runtime run` of a bundle whose root is busybox with the probes.</summary>
internal static class BundleRun
{
    public static RuntimeSpec Spec(TestHost host, params string[] command)
    {
        var standard = DefaultRuntimeSpec.Create();
        return standard with
        {
            Root = new RootSpec { Path = host.BusyboxRoot },
            Process = standard.Process! with { Args = command },
            Linux = standard.Linux! with { CgroupsPath = $"/pscontainers/attributes-{Environment.ProcessId}" },
        };
    }

    /// <param name="through">Words before the launcher, such as a program that drops a capability first.</param>
    public static HostCommandResult Execute(TestHost host, RuntimeSpec spec, params string[] through)
    {
        var bundle = Directory.CreateDirectory(Path.Join(host.Scratch, "bundle")).FullName;
        File.WriteAllText(Path.Join(bundle, "config.json"), JsonSerializer.Serialize(spec, RuntimeJson.Default.RuntimeSpec));
        string[] words =
        [
            .. through, Repository.Launcher, "--root", Path.Join(host.Scratch, "runs"), "run", "--bundle", bundle, "attributes",
        ];
        return HostCommand.Run(words[0], words[1..]);
    }
}
