using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PsContainers.Linux.Bare;

/// <summary>System calls for code that runs without a .NET runtime: no allocation, no exceptions; a negative result is −errno.</summary>
/// <remarks>
/// The launcher's `main` runs before the runtime boots, so nothing here may need it: DllImport with blittable arguments and
/// SuppressGCTransition (there is no thread object to switch), spans and pointers. See docs/launcher.md.
/// </remarks>
internal static unsafe partial class Kernel
{
    internal const int AtFdCwd = -100;

    internal static nint Call(long number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        var result = syscall((nint)number, a, b, c, d, e, f);
        return result == -1 ? -*__errno_location() : result;
    }

    /// <summary>The address of a UTF-8 literal, which the compiler keeps in read-only data with a NUL behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte* Literal(ReadOnlySpan<byte> literal) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal));

    internal static int Length(byte* text)
    {
        var length = 0;
        while (text[length] != 0)
        {
            length++;
        }

        return length;
    }

    internal static ReadOnlySpan<byte> Span(byte* text) => new(text, Length(text));

    internal static bool Equal(byte* text, ReadOnlySpan<byte> other) => Span(text).SequenceEqual(other);

    /// <summary>The C library's text for an error number: static storage, no locale.</summary>
    internal static byte* Describe(int errno) => strerrordesc_np(errno);

    /// <summary>The C library's name for an error number, `EPERM`.</summary>
    internal static byte* NameOf(int errno) => strerrorname_np(errno);

#pragma warning disable SYSLIB1054 // LibraryImport generates a stub that needs the runtime; these are called without one.
    [DllImport("libc", ExactSpelling = true)]
    [SuppressGCTransition]
    private static extern nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [DllImport("libc", ExactSpelling = true)]
    [SuppressGCTransition]
    private static extern int* __errno_location();

    [DllImport("libc", ExactSpelling = true)]
    [SuppressGCTransition]
    private static extern byte* strerrordesc_np(int errno);

    [DllImport("libc", ExactSpelling = true)]
    [SuppressGCTransition]
    private static extern byte* strerrorname_np(int errno);
#pragma warning restore SYSLIB1054
}
