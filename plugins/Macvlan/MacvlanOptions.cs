using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan;

/// <summary>What a user may say of a macvlan network beyond what every network has.</summary>
internal sealed record MacvlanOptions
{
    internal const string Parent = "parent";
    internal const string Mode = "mode";

    private static readonly string[] _names = [Parent, Mode];

    private static readonly Dictionary<string, MacvlanMode> _modes = new()
    {
        ["bridge"] = MacvlanMode.Bridge,
        ["vepa"] = MacvlanMode.Vepa,
        ["private"] = MacvlanMode.Private,
        ["passthru"] = MacvlanMode.PassThrough,
    };

    /// <summary>The host's link; the network's interface says the same.</summary>
    internal string? ParentLink { get; private init; }

    internal MacvlanMode LinkMode { get; private init; }

    internal bool IsPassThrough => LinkMode == MacvlanMode.PassThrough;

    internal static MacvlanOptions Parse(IReadOnlyDictionary<string, string> options)
    {
        if (options.Keys.FirstOrDefault(name => !_names.Contains(name)) is { } unknown)
        {
            throw Refused(unknown, $"the macvlan driver has no option '{unknown}'; it has {string.Join(", ", _names)}");
        }

        var mode = options.GetValueOrDefault(Mode, "bridge");
        return new()
        {
            ParentLink = options.GetValueOrDefault(Parent),
            LinkMode = _modes.TryGetValue(mode, out var known)
                ? known
                : throw Refused(Mode, $"option {Mode} is one of {string.Join(", ", _modes.Keys)}, not '{mode}'"),
        };
    }

    private static DriverException Refused(string name, string message) => new(message, DriverErrorKind.InvalidRequest, $"options.{name}");
}
