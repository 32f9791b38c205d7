namespace PsContainers.Linux;

/// <summary>What the files of a project take, and may take; in bytes.</summary>
/// <param name="Limit">Null when there is none.</param>
public readonly record struct ProjectUsage(long Used, long? Limit);
