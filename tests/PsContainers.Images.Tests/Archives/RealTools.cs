using System.ComponentModel;
using System.Diagnostics;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Programs that other people wrote for images.</summary>
internal static class RealTools
{
    /// <summary>Skips the test where the program is missing.</summary>
    internal static void Need(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true })!;
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is missing on this machine");
        }
    }
}
