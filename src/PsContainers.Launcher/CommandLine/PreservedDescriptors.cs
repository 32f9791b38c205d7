using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>How many of the caller's descriptors from 3 on go into the container: --preserve-fds and socket activation together.</summary>
/// <remarks>
/// sd_listen_fds(3): LISTEN_FDS counts them, and LISTEN_PID names who may use them, which inside is process 1. A further process has a
/// number that nobody knows before it is there, so to it they are not announced and not given either, as with runc.
/// </remarks>
internal static class PreservedDescriptors
{
    private const int Most = 1024;

    /// <summary>Of a container's first process, and that process with the variables that announce them.</summary>
    internal static int OfFirst(CommandWords words, ProcessSpec? given, out ProcessSpec? process)
    {
        var count = words.Number("--preserve-fds", 0);
        process = given;
        if (int.TryParse(
                Environment.GetEnvironmentVariable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var activated)
            && activated > 0
            && given is not null)
        {
            count += activated;
            process = given with { Env = [.. given.Env ?? [], $"LISTEN_FDS={activated}", "LISTEN_PID=1"] };
        }

        return Check(count);
    }

    /// <summary>Of a further process: what --preserve-fds says.</summary>
    internal static int OfFurther(CommandWords words) => Check(words.Number("--preserve-fds", 0));

    private static int Check(int count) =>
        count <= Most ? count : throw new CommandLineException($"{count} descriptors are more than {Most}");
}
