using System.Runtime.CompilerServices;

namespace PsContainers.Cmdlets.Tests;

/// <summary>Where the sources lie, and what was built beside them.</summary>
internal static class Repository
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("PSC_TEST_REPOSITORY") ?? FromSource();

    public static string Shell { get; } = Path.Combine(Root, "module/bin/host/psc");

    public static string Manifest { get; } = Path.Combine(Root, "PsContainers.psd1");

    private static string FromSource([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));
}
