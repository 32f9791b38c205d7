namespace PsContainers.Plugins.Conformance;

/// <summary>A driver did something else than the contract says.</summary>
internal sealed class CheckFailure(string message) : Exception(message);
