namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes devices of the host.</summary>
public sealed class DeviceCompleter : NameCompleter
{
    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        Directory.EnumerateFileSystemEntries("/dev").Order(StringComparer.Ordinal).Select(path => (path, "device of the host"));
}
