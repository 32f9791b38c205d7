using System.Globalization;
using System.Text;
using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.CommandLine;

/// <summary>
/// The way from the managed half back to the bare one: a process with a runtime has threads and must not clone a container itself.
/// </summary>
internal static unsafe class BareProcess
{
    private const int FirstOwnDescriptor = 3;

    /// <summary>Becomes `supervise` or `launch` with the plan behind the caller's own descriptors; returns only by an exception.</summary>
    /// <param name="directory">Of the container that is made, for which the bare half answers from then on.</param>
    internal static int Become(string command, ReadOnlySpan<byte> plan, int preservedDescriptors, string? directory = null)
    {
        using var file = MemoryFile.Create("plan", plan);
        var number = FirstOwnDescriptor + preservedDescriptors;
        var result = DuplicateTo(file, number);
        return result < 0
            ? throw new LinuxException("dup3", $"plan to descriptor {number}", (Errno)(-result))
            : Become([command, number.ToString(CultureInfo.InvariantCulture), .. directory is null ? [] : new[] { directory }]);
    }

    /// <summary>Executes this program again, from where nobody can overwrite it, with these arguments.</summary>
    internal static int Become(IReadOnlyList<string> arguments)
    {
        var self = BareStart.OpenProtected();
        if (self < 0)
        {
            throw new LinuxException("open_tree", "/proc/self/exe", (Errno)(-self));
        }

        var words = arguments.Prepend("psc-runtime").Select(word => Encoding.UTF8.GetBytes(word + "\0")).ToArray();
        var all = words.SelectMany(word => word).ToArray();
        fixed (byte* text = all)
        {
            var pointers = stackalloc byte*[words.Length + 1];
            var at = text;
            for (var i = 0; i < words.Length; i++)
            {
                pointers[i] = at;
                at += words[i].Length;
            }

            pointers[words.Length] = null;
            byte* end = null;
            throw new LinuxException("execveat", "/proc/self/exe", (Errno)(-Kernel.Execute(self, pointers, &end)));
        }
    }

    // dup3(2) refuses equal numbers, and equal is what a fresh process may well get: then only the close-on-exec mark has to go.
    private static int DuplicateTo(MemoryFile file, int number)
    {
        var fd = (int)file.DangerousGetHandle();
        if (fd != number)
        {
            return Kernel.Duplicate(fd, number);
        }

        var spare = Kernel.DuplicateAnywhere(fd);
        return spare < 0 ? spare : Kernel.Duplicate(spare, number);
    }
}
