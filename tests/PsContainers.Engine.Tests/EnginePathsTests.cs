using System.Reflection;

namespace PsContainers.Engine.Tests;

public sealed class EnginePathsTests : IDisposable
{
    private readonly string? _root = Environment.GetEnvironmentVariable("PSCONTAINERS_ROOT");
    private readonly string? _run = Environment.GetEnvironmentVariable("PSCONTAINERS_RUN");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PSCONTAINERS_ROOT", _root);
        Environment.SetEnvironmentVariable("PSCONTAINERS_RUN", _run);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_variables_the_systems_folders_are_used(string? value)
    {
        var paths = With(value, value);

        Assert.Equal(new EnginePaths("/var/lib/pscontainers", "/run/pscontainers"), paths);
    }

    [Fact]
    public void Root_moves_everything()
    {
        var standard = With(null, null);

        var moved = With("/srv/containers", null);

        Assert.StartsWith("/run/pscontainers/roots/", moved.Run, StringComparison.Ordinal);
        Assert.All(Places(standard).Zip(Places(moved)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.All(Places(moved), path => Assert.True(IsIn(path, "/srv/containers") || IsIn(path, moved.Run), path));
        Assert.All(Places(standard), path => Assert.True(IsIn(path, "/var/lib/pscontainers") || IsIn(path, "/run/pscontainers"), path));
    }

    [Fact]
    public void Run_moves_what_does_not_survive_a_reboot()
    {
        var paths = With("/srv/containers", "/srv/run");

        Assert.Equal(new EnginePaths("/srv/containers", "/srv/run"), paths);
        Assert.Equal("/srv/run/locks", paths.Locks);
        Assert.Equal("/srv/run/rootfs", paths.MountPoint);
        Assert.Equal("/srv/run/abc", paths.RunDirectory("abc"));
        Assert.Equal("/srv/containers/pscontainers.db", paths.Database);
        Assert.Equal("/srv/containers/containers/abc/log", paths.LogOf("abc"));
    }

    [Fact]
    public void Two_roots_have_two_run_directories()
    {
        var one = With("/srv/one", null);
        var two = With("/srv/two", null);

        Assert.NotEqual(one.Run, two.Run);
        Assert.Equal(one.Run, With("/srv/one", null).Run);
    }

    [Theory]
    [InlineData("/srv/containers/")]
    [InlineData("/srv//containers")]
    [InlineData("/srv/./containers/../containers")]
    public void A_root_written_in_another_way_is_the_same_root(string root)
    {
        var expected = With("/srv/containers", null);

        Assert.Equal(expected, With(root, null));
    }

    [Fact]
    public void The_systems_root_with_a_slash_behind_it_is_the_systems_root()
    {
        Assert.Equal(With(null, null), With("/var/lib/pscontainers/", "/run/pscontainers/"));
    }

    [Fact]
    public void A_relative_root_lies_in_the_current_directory()
    {
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "state"), With("state", null).Root);
    }

    [Fact]
    public void A_deep_root_does_not_lengthen_the_run_directory()
    {
        var deep = With("/srv/" + string.Join('/', Enumerable.Repeat("folder", 100)), null);

        Assert.Equal(With("/srv", null).Run.Length, deep.Run.Length);
    }

    [Fact]
    public void Folders_are_made_for_their_owner_alone()
    {
        using var sandbox = new EngineSandbox();
        string[] folders =
        [
            sandbox.Paths.Root, sandbox.Paths.Containers, sandbox.Paths.Blobs, sandbox.Paths.Layers, sandbox.Paths.Ingest,
            sandbox.Paths.Run, sandbox.Paths.Locks, sandbox.Paths.MountPoint,
        ];

        sandbox.Paths.Create();

        Assert.All(folders, folder => Assert.Equal(EnginePaths.OwnerOnly, File.GetUnixFileMode(folder)));
    }

    private static EnginePaths With(string? root, string? run)
    {
        Environment.SetEnvironmentVariable("PSCONTAINERS_ROOT", root);
        Environment.SetEnvironmentVariable("PSCONTAINERS_RUN", run);
        return EnginePaths.FromEnvironment();
    }

    // By reflection, so that a path that is added later is looked at too.
    private static List<string> Places(EnginePaths paths) =>
    [
        .. typeof(EnginePaths).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.PropertyType == typeof(string))
            .Select(property => (string)property.GetValue(paths)!),
        paths.ContainerDirectory("abc"),
        paths.LogOf("abc"),
        paths.RunDirectory("abc"),
    ];

    private static bool IsIn(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
