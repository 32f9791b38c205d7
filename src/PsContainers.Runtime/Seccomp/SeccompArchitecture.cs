using System.Globalization;
using System.Runtime.InteropServices;

namespace PsContainers.Runtime.Seccomp;

/// <summary>A processor architecture as a filter sees it: its audit number and its system call numbers by name.</summary>
public sealed class SeccompArchitecture
{
    private readonly Lazy<Dictionary<string, uint>> _numbers;
    private readonly Lazy<uint> _newest;

    private SeccompArchitecture(string name, uint auditNumber, string table)
    {
        Name = name;
        AuditNumber = auditNumber;
        _numbers = new(() => ParseTable(table));
        _newest = new(() => _numbers.Value.Values.Max());
    }

    public static SeccompArchitecture X64 { get; } = new("SCMP_ARCH_X86_64", 0xC000003E, X64Syscalls.Text);

    public static SeccompArchitecture X86 { get; } = new("SCMP_ARCH_X86", 0x40000003, X86Syscalls.Text);

    public static SeccompArchitecture Arm64 { get; } = new("SCMP_ARCH_AARCH64", 0xC00000B7, Arm64Syscalls.Text);

    /// <summary>All that config.json may name: the constants of libseccomp 2.6.</summary>
    /// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#seccomp</remarks>
    public static IReadOnlySet<string> KnownNames { get; } = new[]
    {
        "X86", "X86_64", "X32", "ARM", "AARCH64", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32", "PPC", "PPC64",
        "PPC64LE", "S390", "S390X", "PARISC", "PARISC64", "RISCV64", "LOONGARCH64", "M68K", "SH", "SHEB",
    }.Select(name => $"SCMP_ARCH_{name}").ToHashSet();

    /// <summary>The one this program runs on.</summary>
    public static SeccompArchitecture Native => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        var other => throw new PlatformNotSupportedException($"no system call table for {other}"),
    };

    /// <summary>The name in config.json.</summary>
    public string Name { get; }

    /// <summary>AUDIT_ARCH_* of linux/audit.h, which the kernel gives a filter with each call.</summary>
    public uint AuditNumber { get; }

    public IReadOnlyDictionary<string, uint> Numbers => _numbers.Value;

    /// <summary>The highest number in the table.</summary>
    public uint Newest => _newest.Value;

    /// <summary>Other architectures whose programs this one's kernel runs, as far as there is a table of their calls.</summary>
    // No x32: Debian, Ubuntu and Fedora build their kernels without it, and its calls share AUDIT_ARCH_X86_64. No 32-bit arm: no table.
    public IReadOnlyList<SeccompArchitecture> Compatible => this == X64 ? [X86] : [];

    private static Dictionary<string, uint> ParseTable(string table)
    {
        var numbers = new Dictionary<string, uint>();
        var next = 0u;
        foreach (var word in table.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                next = number;
            }
            else
            {
                numbers.Add(word, next++);
            }
        }

        return numbers;
    }
}
