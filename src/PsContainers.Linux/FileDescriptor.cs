using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>An open file descriptor; its sealed subtypes say of what, so that a pidfd is never passed as a mount.</summary>
public abstract class FileDescriptor : SafeHandle
{
    private protected FileDescriptor()
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>The number, for a call that takes it while this object is alive.</summary>
    internal int Number => (int)handle;

    internal void Adopt(int number) => SetHandle(number);

    // close(2) is never retried: on Linux the descriptor is gone even after EINTR.
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
