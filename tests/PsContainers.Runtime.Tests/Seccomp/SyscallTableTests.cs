using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Tests.Seccomp;

/// <summary>Compares the tables with the kernel headers on this machine, as the compiler's preprocessor reads them.</summary>
public sealed partial class SyscallTableTests
{
    // What arch/arm64/include/uapi/asm/unistd.h asks of the generic table.
    private const string Arm64 =
        """
        #define __ARCH_WANT_RENAMEAT
        #define __ARCH_WANT_NEW_STAT
        #define __ARCH_WANT_SET_GET_RLIMIT
        #define __ARCH_WANT_TIME32_SYSCALLS
        #define __ARCH_WANT_MEMFD_SECRET
        #define __ARCH_WANT_SYS_CLONE3
        #include <asm-generic/unistd.h>
        """;

    [Fact]
    public void X64_numbers_are_those_of_the_header() => AssertMatches(SeccompArchitecture.X64, "#include <asm/unistd_64.h>");

    [Fact]
    public void X86_numbers_are_those_of_the_header() => AssertMatches(SeccompArchitecture.X86, "#include <asm/unistd_32.h>");

    [Fact]
    public void Arm64_numbers_are_those_of_the_header() => AssertMatches(SeccompArchitecture.Arm64, Arm64);

    [Fact]
    public void Calls_newer_than_5_0_have_one_number_everywhere()
    {
        foreach (var (name, number) in SeccompArchitecture.X64.Numbers.Where(entry => entry.Value >= 424))
        {
            Assert.Equal(number, SeccompArchitecture.X86.Numbers[name]);
            Assert.Equal(number, SeccompArchitecture.Arm64.Numbers[name]);
        }
    }

    private static void AssertMatches(SeccompArchitecture architecture, string header)
    {
        var numbers = Preprocess(header);
        Assert.SkipWhen(numbers is null, "gcc or the header is missing on this machine");

        // A header newer than the table knows more; one older knows less.
        var newest = architecture.Numbers.Values.Max();
        Assert.True(numbers!.Count > 250);
        foreach (var (name, number) in numbers.Where(entry => entry.Value <= newest))
        {
            Assert.True(architecture.Numbers.TryGetValue(name, out var known), $"{architecture.Name} lacks {name}");
            Assert.Equal(number, known);
        }
    }

    private static Dictionary<string, uint>? Preprocess(string header)
    {
        try
        {
            using var gcc = Process.Start(new ProcessStartInfo("gcc", ["-E", "-dM", "-x", "c", "-"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            gcc.StandardInput.Write(header);
            gcc.StandardInput.Close();
            var text = gcc.StandardOutput.ReadToEnd();
            gcc.WaitForExit();
            return gcc.ExitCode == 0 ? Parse(text) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // "#define __NR_fcntl __NR3264_fcntl" leads to "#define __NR3264_fcntl 25".
    private static Dictionary<string, uint> Parse(string text)
    {
        var defined = Define().Matches(text).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        return defined.Keys
            .Where(name => name.StartsWith("__NR_", StringComparison.Ordinal))
            .Where(name => name is not ("__NR_syscalls" or "__NR_arch_specific_syscall"))
            .ToDictionary(name => name[5..], name =>
            {
                var value = defined[name];
                while (defined.TryGetValue(value, out var next))
                {
                    value = next;
                }

                return uint.Parse(value, CultureInfo.InvariantCulture);
            });
    }

    [GeneratedRegex(@"^#define (__NR\w+) (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Define();
}
