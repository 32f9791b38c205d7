using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PsContainers.Linux.Interop;

/// <summary>Passes a name as the bytes that <see cref="FileName"/> says it stands for.</summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedIn, typeof(ManagedToUnmanagedIn))]
internal static unsafe class FileNameMarshaller
{
    internal ref struct ManagedToUnmanagedIn
    {
        private byte* _name;
        private bool _isAllocated;

        public static int BufferSize => 512;

        public void FromManaged(string name, Span<byte> buffer)
        {
            var room = (name.Length * 3) + 1;
            if (room > buffer.Length)
            {
                _name = (byte*)NativeMemory.Alloc((nuint)room);
                _isAllocated = true;
                buffer = new Span<byte>(_name, room);
            }
            else
            {
                // The buffer is on the caller's stack.
                _name = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer));
            }

            var length = FileName.Encode(name, buffer);
            if (buffer[..length].Contains((byte)0))
            {
                Free();
                throw new ArgumentException("a file name holds no NUL", nameof(name));
            }

            buffer[length] = 0;
        }

        public readonly byte* ToUnmanaged() => _name;

        public void Free()
        {
            if (_isAllocated)
            {
                NativeMemory.Free(_name);
                _isAllocated = false;
            }
        }
    }
}
