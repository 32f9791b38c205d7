namespace PsContainers.Cmdlets.Manifests;

/// <summary>Annotations as a parameter has them, for the engine.</summary>
internal static class AnnotationTable
{
    internal static IReadOnlyDictionary<string, string?>? ToAnnotations(this IDictionary<string, string>? values) =>
        values?.ToDictionary(entry => entry.Key, entry => (string?)entry.Value);
}
