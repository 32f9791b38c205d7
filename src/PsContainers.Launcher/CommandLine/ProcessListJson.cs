using System.Text.Json.Serialization;

namespace PsContainers.Launcher.CommandLine;

/// <summary>Process ids as a JSON array.</summary>
[JsonSerializable(typeof(IReadOnlyList<int>))]
internal sealed partial class ProcessListJson : JsonSerializerContext;
