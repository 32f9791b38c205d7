using System.Reflection;

namespace PsContainers.Engine.Tests.Architecture;

/// <summary>A project sees projects of lower rank only; those of one rank meet as data in the engine.</summary>
public sealed class DependencyDirectionTests
{
    private static readonly Dictionary<string, int> _ranks = new()
    {
        ["PsContainers.Abstractions"] = 0,
        ["PsContainers.Linux"] = 0,
        ["PsContainers.Oci"] = 0,
        ["PsContainers.Images"] = 1,
        ["PsContainers.Build"] = 1,
        ["PsContainers.Runtime"] = 1,
        ["PsContainers.Plugins"] = 1,
        ["PsContainers.Launcher"] = 2,
        ["PsContainers.Engine"] = 3,
        ["PsContainers.Cmdlets"] = 4,
        ["PsContainers.Host"] = 5,
    };

    [Fact]
    public void Every_project_has_a_rank()
    {
        var projects = SourceTree.Projects.Keys.ToList();

        Assert.Contains("PsContainers.Engine", projects);
        Assert.DoesNotContain(projects, project => !_ranks.ContainsKey(project));
    }

    [Fact]
    public void Every_folder_is_a_project_of_its_name()
    {
        var folders = Directory.EnumerateDirectories(SourceTree.Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

        Assert.Equal(SourceTree.Projects.Keys.Order(StringComparer.Ordinal), folders);
    }

    [Fact]
    public void Projects_reference_lower_ranks_only()
    {
        var pairs = SourceTree.Projects.SelectMany(project => project.Value, (project, reference) => (project.Key, reference));

        AssertDirection(pairs);
    }

    // What a project gets by way of another one does not stand in its file, but in its assembly.
    [Fact]
    public void Assemblies_reference_lower_ranks_only()
    {
        var assemblies = Loadable();

        Assert.Contains("PsContainers.Engine", assemblies.Select(assembly => assembly.GetName().Name));
        AssertDirection(assemblies.SelectMany(
            assembly => assembly.GetReferencedAssemblies(),
            (assembly, reference) => (assembly.GetName().Name!, reference.Name!)));
    }

    [Theory]
    [InlineData("PsContainers.Linux", "PsContainers.Oci", true)]
    [InlineData("PsContainers.Images", "PsContainers.Runtime", true)]
    [InlineData("PsContainers.Runtime", "PsContainers.Engine", true)]
    [InlineData("PsContainers.Engine", "PsContainers.Stranger", true)]
    [InlineData("PsContainers.Engine", "psc-runtime", true)]
    [InlineData("PsContainers.Engine", "PsContainers.Runtime", false)]
    [InlineData("PsContainers.Engine", "System.Runtime", false)]
    public void The_rule_tells_a_wrong_direction_from_a_right_one(string project, string reference, bool isWrong)
    {
        Assert.Equal(isWrong, IsWrong(project, reference));
    }

    // A plugin of ours has what a stranger's has, and what the kernel offers everybody.
    [Fact]
    public void Plugins_reference_the_contract_and_the_kernel_only()
    {
        Assert.Contains("PsContainers.Resolver", SourceTree.Plugins.Keys);
        AssertNone(SourceTree.Plugins
            .SelectMany(plugin => plugin.Value, (plugin, reference) => (Project: plugin.Key, Reference: reference))
            .Where(pair => !IsForPlugins(pair.Reference)));
    }

    [Theory]
    [InlineData("PsContainers.Abstractions", true)]
    [InlineData("PsContainers.Linux", true)]
    [InlineData("PsContainers.Engine", false)]
    [InlineData("PsContainers.Oci", false)]
    public void The_rule_tells_what_plugins_may_reference(string reference, bool isAllowed)
    {
        Assert.Equal(isAllowed, IsForPlugins(reference));
    }

    [Fact]
    public void No_source_names_a_plugin()
    {
        var names = SourceTree.Files.SelectMany(
            file => SourceTree.Plugins.Keys.Where(plugin => SourceTree.TextOf(file).Contains(plugin, StringComparison.Ordinal)),
            (file, plugin) => (file, plugin));

        AssertNone(names);
    }

    private static void AssertDirection(IEnumerable<(string Project, string Reference)> pairs)
    {
        AssertNone(pairs.Where(pair => IsWrong(pair.Project, pair.Reference)));
    }

    private static void AssertNone(IEnumerable<(string Project, string Reference)> pairs)
    {
        var wrong = pairs.Select(pair => $"{pair.Project} references {pair.Reference}").ToList();

        // Said by ourselves: the framework would cut the names short.
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool IsForPlugins(string reference) => reference is "PsContainers.Abstractions" or "PsContainers.Linux";

    private static bool IsWrong(string project, string reference)
    {
        // The launcher's and the host's assemblies have names of their own.
        var isOurs = reference.StartsWith("PsContainers.", StringComparison.Ordinal) || reference is "psc" or "psc-runtime";
        return isOurs && (!_ranks.TryGetValue(reference, out var rank) || rank >= _ranks.GetValueOrDefault(project, int.MaxValue));
    }

    /// <summary>The product's assemblies beside this test: the engine and all that it brings.</summary>
    private static List<Assembly> Loadable() =>
    [
        .. SourceTree.Projects.Keys
            .Where(project => File.Exists(Path.Combine(AppContext.BaseDirectory, project + ".dll")))
            .Select(Assembly.Load),
    ];
}
