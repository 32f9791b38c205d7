using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace PsContainers.Engine.Tests.Architecture;

/// <summary>The product's sources, and those of its tests, as they lie in the repository.</summary>
internal static class SourceTree
{
    internal static string Root { get; } = Path.Combine(Environment.GetEnvironmentVariable("PSC_TEST_REPOSITORY") ?? FromSource(), "src");

    /// <summary>The names of all projects, with the names of those that each one references.</summary>
    internal static Dictionary<string, IReadOnlyList<string>> Projects { get; } = ProjectsBelow(Root);

    /// <summary>The same of what is loaded or started at run time.</summary>
    internal static Dictionary<string, IReadOnlyList<string>> Plugins { get; } = ProjectsBelow(Path.GetFullPath("../plugins", Root));

    /// <summary>Every source file, relative to the source folder; what a build makes beside them is none.</summary>
    internal static List<string> Files { get; } = FilesBelow(Root);

    /// <summary>Every source file of the plugins, relative to the source folder, too.</summary>
    internal static List<string> PluginFiles { get; } = FilesBelow(Path.GetFullPath("../plugins", Root));

    /// <summary>Every source file of the tests, relative to the source folder, too.</summary>
    internal static List<string> TestFiles { get; } = FilesBelow(Path.GetFullPath("../tests", Root));

    internal static string TextOf(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static List<string> FilesBelow(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Split('/').Intersect(["bin", "obj"]).Any())
            .Order(StringComparer.Ordinal),
    ];

    private static Dictionary<string, IReadOnlyList<string>> ProjectsBelow(string folder) => Directory
        .EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), References);

    private static IReadOnlyList<string> References(string project) =>
    [
        .. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))),
    ];

    private static string FromSource([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../.."));
}
