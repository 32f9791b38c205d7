using PsContainers.Drivers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Cni;

/// <summary>The directories that hold the programs of CNI, in the order of the search.</summary>
internal sealed class ProgramPath
{
    private const string Variable = "CNI_PATH";
    private static readonly string[] _usual = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];
    private readonly IReadOnlyList<string> _directories;

    private ProgramPath(IReadOnlyList<string> directories) => _directories = directories;

    /// <summary>What a network asks for, or the environment, or else where distributions put them.</summary>
    /// <param name="own">The plugin's folder, when it brings programs of its own.</param>
    public static ProgramPath Of(string? option, string? own, string field)
    {
        var given = option ?? Environment.GetEnvironmentVariable(Variable) ?? "";
        var listed = given.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (listed.FirstOrDefault(directory => !directory.StartsWith('/')) is { } relative)
        {
            throw new DriverException(
                $"directory {relative} of {(option is null ? Variable : "the path")} is not absolute",
                DriverErrorKind.InvalidRequest,
                field);
        }

        return new([.. own is null ? Array.Empty<string>() : [own], .. listed.Length > 0 ? listed : _usual]);
    }

    /// <summary>One that a network was defined with.</summary>
    public static ProgramPath Kept(string text) => new(text.Split(':'));

    /// <exception cref="DriverException">There is none, or it is not root's alone.</exception>
    public string Find(string type)
    {
        foreach (var directory in _directories.Where(Directory.Exists))
        {
            if (FileTrust.CheckFile(directory, type) is { } status && (status.Mode & 0x49) != 0) // S_IXUSR, S_IXGRP, S_IXOTH
            {
                return Path.Combine(directory, type);
            }
        }

        throw new DriverException($"there is no program {type} in {string.Join(", ", _directories)}", DriverErrorKind.Unavailable);
    }

    public override string ToString() => string.Join(':', _directories);
}
