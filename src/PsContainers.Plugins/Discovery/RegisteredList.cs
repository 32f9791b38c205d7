namespace PsContainers.Plugins.Discovery;

/// <summary>The content of the list of registered plugins.</summary>
internal sealed record RegisteredList(IReadOnlyList<string> Folders);
