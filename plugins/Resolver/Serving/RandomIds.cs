using System.Runtime.InteropServices;
using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Serving;

/// <summary>Ids for our own queries, from the kernel's random numbers, many at a time.</summary>
internal sealed unsafe class RandomIds
{
    private readonly ushort[] _ids = new ushort[256];
    private int _left;

    internal ushort Next()
    {
        if (_left == 0)
        {
            var bytes = MemoryMarshal.AsBytes(_ids.AsSpan());
            fixed (byte* first = bytes)
            {
                _ = LinuxCall.Check(Kernel.FillRandom(first, bytes.Length), "getrandom");
            }

            _left = _ids.Length;
        }

        return _ids[--_left];
    }
}
