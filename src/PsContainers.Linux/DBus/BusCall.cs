namespace PsContainers.Linux.DBus;

/// <summary>A method to call: `Destination` has an object at `Path`, whose `Interface` has the method `Member`.</summary>
/// <param name="Signature">The types of what <paramref name="Body"/> holds.</param>
public sealed record BusCall(
    string Destination, string Path, string Interface, string Member, string Signature = "", BusWriter? Body = null);
