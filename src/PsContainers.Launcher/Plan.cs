using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher;

/// <summary>An encoded plan where it was mapped.</summary>
internal readonly unsafe struct Plan
{
    private readonly byte* _base;

    private Plan(byte* address) => _base = address;

    internal PlanHeader* Header => (PlanHeader*)_base;

    /// <summary>Maps the plan behind a descriptor and checks that it is one of ours and whole.</summary>
    internal static int Map(int fd, out Plan plan)
    {
        plan = default;
        var result = Kernel.Status(fd, out var status);
        if (result < 0)
        {
            return result;
        }

        if (status.Size < sizeof(PlanHeader))
        {
            return -(int)Linux.Errno.EINVAL;
        }

        var address = Kernel.MapFile(fd, (nint)status.Size);
        if (address == null)
        {
            return -(int)Linux.Errno.ENOMEM;
        }

        plan = new Plan(address);
        return plan.Header->Magic == PlanHeader.ExpectedMagic
            && plan.Header->Version == PlanHeader.ExpectedVersion
            && plan.Header->Size == status.Size
            ? 0
            : -(int)Linux.Errno.EINVAL;
    }

    /// <summary>The bytes at an offset, or null for 0.</summary>
    internal byte* At(uint offset) => offset == 0 ? null : _base + offset;

    internal PlanStep* Steps(uint offset) => (PlanStep*)(_base + offset);

    /// <summary>
    /// An array of text offsets turned in place into the NULL-terminated pointer array that execve(2) takes; it has a spare entry.
    /// </summary>
    internal byte** Pointers(uint offset, uint count)
    {
        var entries = (ulong*)(_base + offset);
        for (uint i = 0; i < count; i++)
        {
            entries[i] = (ulong)(_base + entries[i]);
        }

        entries[count] = 0;
        return (byte**)entries;
    }
}
