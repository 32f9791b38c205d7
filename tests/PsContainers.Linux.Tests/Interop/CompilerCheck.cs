using System.Diagnostics;

namespace PsContainers.Linux.Tests.Interop;

/// <summary>Lets the C compiler judge our constants against the headers of the machine.</summary>
internal static class CompilerCheck
{
    /// <summary>Compiles a C text; the compiler's complaint is the failure message.</summary>
    internal static void AssertCompiles(string text)
    {
        var start = new ProcessStartInfo("gcc", ["-x", "c", "-fsyntax-only", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var compiler = Process.Start(start)!;
        compiler.StandardInput.Write(text);
        compiler.StandardInput.Close();
        var complaint = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();

        Assert.True(compiler.ExitCode == 0, complaint);
    }
}
