namespace PsContainers;

/// <summary>One line of a container that runs in the foreground, as it comes.</summary>
public readonly record struct ContainerOutputLine(OutputStream Stream, string Text);
