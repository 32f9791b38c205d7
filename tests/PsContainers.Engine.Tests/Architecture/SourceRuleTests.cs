using System.Text.RegularExpressions;

namespace PsContainers.Engine.Tests.Architecture;

/// <summary>What the layout forbids and no compiler checks. Each rule is tried on a breach of its own, too.</summary>
public sealed partial class SourceRuleTests
{
    private const int LongestFile = 500;
    private const int LongestLine = 140;

    // The start of the .NET runtime itself, from a main that runs before it: there is no other way to name it.
    private const string RuntimeStart = "PsContainers.Launcher/EntryPoint.cs";

    private static IEnumerable<string> ProductFiles => SourceTree.Files.Concat(SourceTree.PluginFiles);

    [Fact]
    public void The_sources_are_found()
    {
        Assert.Contains("PsContainers.Engine/Rollback.cs", SourceTree.Files);
        Assert.Contains("../plugins/Resolver/Program.cs", SourceTree.PluginFiles);
        Assert.Contains("../tests/PsContainers.Engine.Tests/Architecture/SourceTree.cs", SourceTree.TestFiles);
        Assert.DoesNotContain(ProductFiles.Concat(SourceTree.TestFiles), file => file.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void No_type_is_called_Engine()
    {
        Assert.DoesNotContain(SourceTree.Files, file => EngineType().IsMatch(SourceTree.TextOf(file)));
    }

    [Theory]
    [InlineData("public sealed class Engine\n{", true)]
    [InlineData("internal record struct Engine(int A);", true)]
    [InlineData("enum Engine { A }", true)]
    [InlineData("public interface Engine<T>", true)]
    [InlineData("public sealed class EngineErrors", false)]
    [InlineData("namespace PsContainers.Engine;", false)]
    public void A_type_called_Engine_is_recognized(string text, bool isBreach)
    {
        Assert.Equal(isBreach, EngineType().IsMatch(text));
    }

    [Fact]
    public void No_folder_is_a_drawer_for_everything()
    {
        var folders = ProductFiles.Select(file => Path.GetDirectoryName(file)!).Distinct();

        Assert.DoesNotContain(folders, folder => folder.Split('/', '.').Any(IsDrawer));
    }

    [Theory]
    [InlineData("Utils", true)]
    [InlineData("Util", true)]
    [InlineData("Helpers", true)]
    [InlineData("Helper", true)]
    [InlineData("Common", true)]
    [InlineData("common", true)]
    [InlineData("Utility", false)] // the module Microsoft.PowerShell.Utility, of which the host has a part
    [InlineData("Containers", false)]
    public void A_drawer_is_recognized(string folder, bool isBreach)
    {
        Assert.Equal(isBreach, IsDrawer(folder));
    }

    [Fact]
    public void Only_the_kernels_project_calls_native_functions()
    {
        var files = SourceTree.Files
            .Where(file => file != RuntimeStart && !file.StartsWith("PsContainers.Linux/", StringComparison.Ordinal));

        Assert.DoesNotContain(files, file => NativeImport().IsMatch(SourceTree.TextOf(file)));
    }

    [Fact]
    public void The_launcher_imports_the_start_of_the_runtime_and_nothing_else()
    {
        Assert.Single(NativeImport().Matches(SourceTree.TextOf(RuntimeStart)));
        Assert.Contains("__managed__Main", SourceTree.TextOf(RuntimeStart), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[DllImport(\"libc\")]", true)]
    [InlineData("    [SuppressGCTransition, LibraryImport(Name)]", true)]
    [InlineData("[System.Runtime.InteropServices.DllImportAttribute(\"libc\")]", true)]
    [InlineData("NativeLibrary.Load(\"libc.so.6\")", true)]
    [InlineData("NativeLibrary.GetExport(handle, \"open\")", true)]
    [InlineData("// LibraryImport generates a stub", false)]
    public void A_native_import_is_recognized(string text, bool isBreach)
    {
        Assert.Equal(isBreach, NativeImport().IsMatch(text));
    }

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold()
    {
        var lengths = ProductFiles.Select(file => (Name: file, Lines: SourceTree.TextOf(file).Count('\n')));

        Assert.DoesNotContain(lengths, file => file.Lines > LongestFile);
    }

    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        var files = ProductFiles.Concat(SourceTree.TestFiles).Where(file => !SyscallTable().IsMatch(file));

        var breaches = files.SelectMany(file => LongLines(file, SourceTree.TextOf(file))).ToList();

        Assert.True(breaches.Count == 0, string.Join('\n', breaches)); // Assert.Empty would cut the names off
    }

    [Theory]
    [InlineData(140, false)]
    [InlineData(141, true)]
    public void A_line_that_is_too_long_is_recognized(int columns, bool isBreach)
    {
        string[] expected = isBreach ? ["Some.cs:2"] : [];

        Assert.Equal(expected, LongLines("Some.cs", $"// first\n{new string('ü', columns)}\n// last\n"));
    }

    [Theory]
    [InlineData("PsContainers.Runtime/Seccomp/X64Syscalls.cs", true)]
    [InlineData("PsContainers.Runtime/Seccomp/SyscallDecisions.cs", false)]
    [InlineData("PsContainers.Linux/X64Syscalls.cs", false)]
    public void A_table_of_system_calls_is_recognized(string file, bool isTable)
    {
        Assert.Equal(isTable, SyscallTable().IsMatch(file));
    }

    private static bool IsDrawer(string folder) => Drawer().IsMatch(folder);

    private static IEnumerable<string> LongLines(string file, string text) => text.Split('\n')
        .Select((line, i) => (line.Length, Place: $"{file}:{i + 1}"))
        .Where(line => line.Length > LongestLine)
        .Select(line => line.Place);

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+Engine\b")]
    private static partial Regex EngineType();

    [GeneratedRegex("^(utils?|helpers?|common)$", RegexOptions.IgnoreCase)]
    private static partial Regex Drawer();

    // The kernel's lists of names, which nobody reads line by line.
    [GeneratedRegex(@"^PsContainers\.Runtime/Seccomp/\w+Syscalls\.cs$")]
    private static partial Regex SyscallTable();

    [GeneratedRegex(@"\b(DllImport|LibraryImport)(Attribute)?\s*\(|\bNativeLibrary\s*\.")]
    private static partial Regex NativeImport();
}
