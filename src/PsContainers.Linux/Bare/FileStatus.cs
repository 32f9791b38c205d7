using System.Runtime.InteropServices;

namespace PsContainers.Linux.Bare;

/// <summary>What bare code reads of the kernel's struct stat: its head is laid out alike for the fields used here.</summary>
/// <remarks>x86-64: asm/stat.h (144 bytes); arm64: asm-generic/stat.h (128 bytes).</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FileStatus
{
    private fixed byte _bytes[144];

    internal readonly uint Mode => At32(X64 ? 24 : 16);

    internal readonly uint User => At32(X64 ? 28 : 24);

    internal readonly uint Group => At32(X64 ? 32 : 28);

    internal readonly ulong Device => At64(0);

    internal readonly ulong Inode => At64(8);

    internal readonly ulong RepresentedDevice => At64(X64 ? 40 : 32);

    internal readonly long Size => (long)At64(48);

    /// <summary>Access and modification time as utimensat(2) takes them: seconds and nanoseconds of each.</summary>
    internal readonly void CopyTimes(long* times)
    {
        times[0] = (long)At64(72);
        times[1] = (long)At64(80);
        times[2] = (long)At64(88);
        times[3] = (long)At64(96);
    }

    private static bool X64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private readonly uint At32(int offset)
    {
        fixed (byte* b = _bytes)
        {
            return *(uint*)(b + offset);
        }
    }

    private readonly ulong At64(int offset)
    {
        fixed (byte* b = _bytes)
        {
            return *(ulong*)(b + offset);
        }
    }
}
