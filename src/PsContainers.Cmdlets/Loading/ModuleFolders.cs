namespace PsContainers.Cmdlets.Loading;

/// <summary>Where the module's parts lie, seen from this assembly.</summary>
internal static class ModuleFolders
{
    private static readonly string _own = Path.GetDirectoryName(typeof(ModuleFolders).Assembly.Location)!;

    public static string Engine { get; } = Path.Combine(_own, "engine");

    /// <summary>The program that becomes each container's supervisor.</summary>
    public static string Launcher { get; } = Path.Combine(_own, "psc-runtime");
}
