using System.Globalization;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>One line of <c>/proc/self/mountinfo</c>.</summary>
// proc_pid_mountinfo(5):
//   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
//   (1)(2)(3)   (4)   (5)      (6)      (7)   (8) (9)   (10)         (11)
// (7) is repeated zero or more times, so the columns after the hyphen (8) are counted from there.
public sealed record MountInfo(
    int Id,
    int ParentId,
    string Device,
    string Root,
    string MountPoint,
    string Options,
    string FileSystem,
    string Source,
    string SuperOptions)
{
    /// <summary>In a peer group: what is mounted below it, or below another one of the group, is seen on all of them.</summary>
    public bool IsShared { get; init; }

    public static IReadOnlyList<MountInfo> OfSelf() => Parse(File.ReadLines("/proc/self/mountinfo"));

    /// <summary>The mount that a file or directory is reached through; null when it went meanwhile.</summary>
    /// <exception cref="LinuxException">There is nothing at the path.</exception>
    public static unsafe MountInfo? Of(string path)
    {
        Libc.StatxBuffer status;
        LinuxException.Check(Libc.statx_name(Libc.AT_FDCWD, path, 0, Libc.STATX_MNT_ID, &status), "statx", path);
        return Of(status.MountId);
    }

    /// <summary>The mount of an id that statx(2) gave.</summary>
    internal static MountInfo? Of(ulong id) => OfSelf().FirstOrDefault(mount => (ulong)mount.Id == id);

    public static IReadOnlyList<MountInfo> Parse(IEnumerable<string> lines) => [.. lines.Select(ParseLine)];

    private static MountInfo ParseLine(string line)
    {
        var columns = line.Split(' ');
        var hyphen = Array.IndexOf(columns, "-", startIndex: Math.Min(6, columns.Length));
        if (hyphen < 6 || columns.Length < hyphen + 4)
        {
            throw new InvalidDataException($"mountinfo line '{line}' has too few columns");
        }

        return new MountInfo(
            int.Parse(columns[0], CultureInfo.InvariantCulture),
            int.Parse(columns[1], CultureInfo.InvariantCulture),
            columns[2],
            Unescape(columns[3]),
            Unescape(columns[4]),
            columns[5],
            columns[hyphen + 1],
            Unescape(columns[hyphen + 2]),
            columns[hyphen + 3])
        {
            IsShared = columns[6..hyphen].Any(column => column.StartsWith("shared:", StringComparison.Ordinal)),
        };
    }

    // The kernel writes blank, tab, newline, backslash and hash as \ooo (mangle_path in fs/seq_file.c).
    private static string Unescape(string text)
    {
        var at = text.IndexOf('\\', StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var plain = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
