using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Copies the content of files by the cheapest way that the two file systems allow; holes stay holes.</summary>
/// <remarks>One object copies between one pair of file systems: what one file showed to be impossible is not tried with the next.</remarks>
internal sealed unsafe class ContentCopy(CancellationToken stop)
{
    // Small enough that a stop does not wait for long.
    private const long LargestRange = 64 * 1024 * 1024;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private bool _sharesBlocks = true;
    private bool _copiesInKernel = true;

    /// <param name="size">As the source was when it was opened.</param>
    internal void Copy(OpenFile source, OpenFile target, long size)
    {
        if (size == 0 || TryShareBlocks(source, target))
        {
            return;
        }

        for (var at = source.NextData(0); at < size; at = source.NextData(at))
        {
            var end = Math.Min(source.NextHole(at), size);
            CopyRange(source, target, at, end);
            at = end;
        }

        if (source.Status.Size < size)
        {
            throw BecameShorter(source);
        }

        target.SetLength(size);
    }

    private static LinuxException BecameShorter(OpenFile source) =>
        new("copy", source.ShownPath, Errno.EBUSY, "it became shorter while it was read");

    private static bool IsBetweenFileSystems(Errno errno) => errno is Errno.EXDEV or Errno.EOPNOTSUPP or Errno.ENOSYS or Errno.ENOTTY;

    private bool TryShareBlocks(OpenFile source, OpenFile target)
    {
        if (!_sharesBlocks)
        {
            return false;
        }

        if (Libc.ioctl_ficlone(target.Number, Libc.FICLONE, source.Number) >= 0)
        {
            return true;
        }

        // Anything else is about this file: one without checksums beside one with them, a swap file.
        _sharesBlocks = !IsBetweenFileSystems((Errno)Marshal.GetLastPInvokeError());
        return false;
    }

    private void CopyRange(OpenFile source, OpenFile target, long from, long end)
    {
        for (var at = from; at < end;)
        {
            stop.ThrowIfCancellationRequested();
            at += _copiesInKernel ? CopyInKernel(source, target, at, end - at) : CopyByBuffer(source, target, at, end - at);
        }
    }

    private long CopyInKernel(OpenFile source, OpenFile target, long at, long length)
    {
        long from = at;
        long to = at;
        var copied = Libc.copy_file_range(source.Number, &from, target.Number, &to, (nuint)Math.Min(length, LargestRange), 0);
        if (copied > 0)
        {
            return copied;
        }

        // 0 and refusals that are about this file alone: reading and writing tell what there is to tell.
        if (copied < 0 && IsBetweenFileSystems((Errno)Marshal.GetLastPInvokeError()))
        {
            _copiesInKernel = false;
        }

        return CopyByBuffer(source, target, at, length);
    }

    private int CopyByBuffer(OpenFile source, OpenFile target, long at, long length)
    {
        var read = source.ReadAt(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, length)), at);
        if (read == 0)
        {
            throw BecameShorter(source);
        }

        target.WriteAt(_buffer.AsSpan(0, read), at);
        return read;
    }
}
