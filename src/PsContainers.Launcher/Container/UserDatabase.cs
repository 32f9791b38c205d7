using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>
/// Turns `name|uid[:group|gid]` into numbers by the image's own /etc/passwd and /etc/group, after the pivot. passwd(5), group(5).
/// </summary>
/// <remarks>As runc and docker do: a number needs no entry; a user's supplementary groups count only when no group is given.</remarks>
internal static unsafe class UserDatabase
{
    private const int MaximumFile = 1 << 20;
    private const int HomeBytes = 4096;

    internal static int Find(ref ContainerContext context, PlanStep* step)
    {
        var specification = Kernel.Span(context.Plan.At(step->A));
        var colon = specification.IndexOf((byte)':');
        var user = colon < 0 ? specification : specification[..colon];
        var group = colon < 0 ? default : specification[(colon + 1)..];

        var read = ReadFile("/etc/passwd"u8, out var passwd);
        if (read < 0)
        {
            return context.At(FailurePoint.ReadPasswd, read);
        }

        var isNumber = TryNumber(user, out context.User);
        var entry = FindLine(passwd, user, isNumber ? 2 : 0);
        if (entry.IsEmpty && !isNumber)
        {
            return context.At(FailurePoint.NoSuchUser, -(int)Errno.ENOENT);
        }

        var name = user;
        if (!entry.IsEmpty)
        {
            name = Field(entry, 0);
            TryNumber(Field(entry, 2), out context.User);
            TryNumber(Field(entry, 3), out context.Group);
        }

        var home = new Text(context.Home, HomeBytes);
        home.Add("HOME="u8);
        var directory = Field(entry, 5);
        home.Add(directory.IsEmpty ? "/"u8 : directory);
        return FindGroups(ref context, step, group, entry.IsEmpty ? default : name);
    }

    private static int FindGroups(ref ContainerContext context, PlanStep* step, ReadOnlySpan<byte> group, ReadOnlySpan<byte> member)
    {
        var read = ReadFile("/etc/group"u8, out var file);
        if (read < 0)
        {
            return context.At(FailurePoint.ReadGroup, read);
        }

        if (!group.IsEmpty && !TryNumber(group, out context.Group))
        {
            var entry = FindLine(file, group, 0);
            if (entry.IsEmpty || !TryNumber(Field(entry, 2), out context.Group))
            {
                return context.At(FailurePoint.NoSuchGroup, -(int)Errno.ENOENT);
            }
        }

        // First, so that it has a place however many follow.
        if (step->Flags != 0)
        {
            AddGroup(ref context, context.Group);
        }

        AddGivenGroups(ref context, step);
        while (group.IsEmpty && !member.IsEmpty && !file.IsEmpty)
        {
            var line = NextLine(ref file);
            if (HasMember(Field(line, 3), member) && TryNumber(Field(line, 2), out var number))
            {
                AddGroup(ref context, number);
            }
        }

        return 0;
    }

    private static void AddGivenGroups(ref ContainerContext context, PlanStep* step)
    {
        var numbers = (uint*)context.Plan.At(step->B);
        for (ulong i = 0; i < step->Value; i++)
        {
            AddGroup(ref context, numbers[i]);
        }
    }

    private static void AddGroup(ref ContainerContext context, uint group)
    {
        var isKnown = false;
        for (var i = 0; i < context.GroupCount; i++)
        {
            isKnown |= context.Groups[i] == group;
        }

        if (!isKnown && context.GroupCount < ContainerContext.MaximumGroups)
        {
            context.Groups[context.GroupCount++] = group;
        }
    }

    // A missing file, and what is none, is an empty one: an image from scratch has neither, and a number needs neither. One that the kernel
    // could not read is an error: the user would be without the groups it has.
    private static int ReadFile(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> content)
    {
        content = default;
        var fd = Kernel.OpenResolved(
            Kernel.AtFdCwd, Kernel.Literal(path), Kernel.O_RDONLY | Kernel.O_NONBLOCK, Kernel.RESOLVE_NO_MAGICLINKS);
        if (fd < 0)
        {
            return -fd is (int)Errno.ENOENT or (int)Errno.ENOTDIR or (int)Errno.ELOOP or (int)Errno.EACCES or (int)Errno.ENXIO ? 0 : fd;
        }

        var result = Kernel.Status(fd, out var status);
        if (result >= 0 && (status.Mode & Kernel.S_IFMT) == Kernel.S_IFREG && status.Size is > 0 and <= MaximumFile)
        {
            result = ReadAll(fd, (nint)status.Size, out content);
        }

        Kernel.Close(fd);
        return result;
    }

    private static int ReadAll(int fd, nint size, out ReadOnlySpan<byte> content)
    {
        content = default;
        var memory = Kernel.MapAnonymous(size);
        if (memory == null)
        {
            return -(int)Errno.ENOMEM;
        }

        nint length = 0;
        nint read = 0;
        while (length < size && (read = Kernel.Read(fd, memory + length, size - length)) > 0)
        {
            length += read;
        }

        content = new ReadOnlySpan<byte>(memory, (int)length);
        return read < 0 ? (int)read : 0;
    }

    private static ReadOnlySpan<byte> FindLine(ReadOnlySpan<byte> file, ReadOnlySpan<byte> value, int field)
    {
        while (!file.IsEmpty)
        {
            var line = NextLine(ref file);
            if (!line.IsEmpty && line[0] != '#' && Field(line, field).SequenceEqual(value) && !Field(line, 2).IsEmpty)
            {
                return line;
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> file)
    {
        var end = file.IndexOf((byte)'\n');
        var line = end < 0 ? file : file[..end];
        file = end < 0 ? default : file[(end + 1)..];
        return line;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--)
        {
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                return default;
            }

            line = line[(colon + 1)..];
        }

        var end = line.IndexOf((byte)':');
        return end < 0 ? line : line[..end];
    }

    private static bool HasMember(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name)
    {
        while (!list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            var member = comma < 0 ? list : list[..comma];
            if (member.SequenceEqual(name))
            {
                return true;
            }

            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return false;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out uint number)
    {
        ulong value = 0;
        number = 0;
        if (text.IsEmpty || text.Length > 10)
        {
            return false;
        }

        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (uint)(digit - '0');
        }

        // −1 as a user id means "unchanged" to setresuid(2).
        number = (uint)value;
        return value < uint.MaxValue;
    }
}
