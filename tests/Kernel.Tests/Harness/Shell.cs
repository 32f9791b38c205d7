using System.Diagnostics;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>Other shells: psc processes on the engine of the test.</summary>
internal static class Shell
{
    public static HostCommandResult Run(TestHost host, string command) => HostCommand.Finish(Start(host, command));

    public static Process Start(TestHost host, string command)
    {
        Assert.SkipUnless(File.Exists(Repository.Shell), $"needs {Repository.Shell}: run ./psc --build-only");
        return HostCommand.Start(Repository.Shell, ["-NonInteractive", "-Command", command], host.Variables);
    }
}
