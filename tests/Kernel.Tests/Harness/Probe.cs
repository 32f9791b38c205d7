namespace PsContainers.Kernel.Tests.Harness;

/// <summary>Small C programs that ask the kernel from inside a container what no busybox command asks.</summary>
internal static class Probe
{
    public static void Compile(string name, string output) => HostCommand.Run(
        "gcc", "-static", "-Os", "-s", "-Wall", "-Werror", "-o", output, Path.Join(AppContext.BaseDirectory, "Probes", $"{name}.c")).Text();
}
