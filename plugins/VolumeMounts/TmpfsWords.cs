namespace PsContainers.VolumeMounts;

/// <summary>A volume's options as tmpfs has them.</summary>
/// <remarks>tmpfs(5), "Mount options"</remarks>
internal static class TmpfsWords
{
    internal const string Type = "tmpfs";
    internal const string UserId = "uid";
    internal const string GroupId = "gid";
    internal const string Mode = "mode";
    internal const string Size = "size";
    internal const string Inodes = "nr_inodes";

    /// <summary>A word for each option that the user gave.</summary>
    internal static IReadOnlyList<string> Of(OptionReader options) =>
    [
        .. Word(UserId, options.Number(UserId)),
        .. Word(GroupId, options.Number(GroupId)),
        .. Word(Mode, options.Mode(Mode) is { } mode ? Convert.ToString(mode, 8) : null),
        .. Word(Size, options.Size(Size)),
        .. Word(Inodes, options.Number(Inodes)),
    ];

    private static string[] Word(string name, object? value) => value is null ? [] : [$"{name}={value}"];
}
