using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Reads the names in a directory one after the other, however many there are. getdents(2)</summary>
internal sealed unsafe class DirectoryEntries : IDisposable
{
    private const int BufferBytes = 32 * 1024;

    private readonly DirectoryDescriptor _directory;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _at;
    private int _filled;

    /// <param name="position">0, or where another reader of the directory had got to.</param>
    internal DirectoryEntries(DirectoryDescriptor directory, long position)
    {
        _directory = directory;
        Position = position;
        LinuxException.Check(Libc.lseek(directory.Number, position, Libc.SEEK_SET), nameof(Libc.lseek), directory.ShownPath);
    }

    /// <summary>Behind the name that was read last.</summary>
    internal long Position { get; private set; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>The next name, never `.` or `..`; null after the last.</summary>
    internal string? Next()
    {
        fixed (byte* bytes = _buffer)
        {
            while (true)
            {
                if (_at == _filled && !Fill(bytes))
                {
                    return null;
                }

                // struct linux_dirent64: inode (8), offset of the next (8), record length (2), type (1), name with its NUL.
                Position = BinaryPrimitives.ReadInt64LittleEndian(_buffer.AsSpan(_at + 8));
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(bytes + _at + 19);
                _at += BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_at + 16));
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    return FileName.Decode(name);
                }
            }
        }
    }

    private bool Fill(byte* bytes)
    {
        _at = 0;
        _filled = (int)LinuxException.Check(
            Libc.getdents64(SyscallNumber.GetDents64, _directory.Number, bytes, BufferBytes),
            nameof(Libc.getdents64),
            _directory.ShownPath);
        return _filled > 0;
    }
}
