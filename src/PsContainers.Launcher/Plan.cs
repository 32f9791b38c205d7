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
        var header = plan.Header;
        if (header->Magic != PlanHeader.ExpectedMagic || header->Version != PlanHeader.ExpectedVersion || header->Size != status.Size)
        {
            return -(int)Linux.Errno.EINVAL;
        }

        header->ErrorLog = header->ErrorLog == 0 ? 0 : (ulong)address + header->ErrorLog;
        return 0;
    }

    /// <summary>As <see cref="Map"/>; an error is told, since without a plan nobody else can, and the descriptor goes.</summary>
    internal static int MapAndClose(int fd, out Plan plan)
    {
        var result = Map(fd, out plan);
        if (result < 0)
        {
            ErrorReport.Say(Kernel.Literal("reading the launch plan"u8), -result);
        }

        Kernel.Close(fd);
        return result;
    }

    /// <summary>The bytes at an offset, or null for 0.</summary>
    internal byte* At(uint offset) => offset == 0 ? null : _base + offset;

    /// <summary>Sends errors to another log, or to none.</summary>
    internal void SetErrorLog(byte* path, bool asJson)
    {
        Header->ErrorLog = (ulong)path;
        Header->Flags = asJson ? Header->Flags | (uint)PlanFlags.JsonErrors : Header->Flags & ~(uint)PlanFlags.JsonErrors;
    }

    internal uint OffsetOf(PlanStep* step) => (uint)((byte*)step - _base);

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
