using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Mounts;

/// <summary>A volume holds links, and a mount further down the list has its target below one: the root is where they end.</summary>
public sealed class LinkedTargetTests(TestHost host) : MountTest(host)
{
    public static TheoryData<string> Links =>
    [
        "HOST/outside", // absolute, to a folder that the host has and the container has not
        "../HOST/outside",
        "../../../../../../../../../../../..HOST/outside",
        "folder/../../../../../../../../../..HOST/outside",
        "second",
    ];

    [Theory]
    [MemberData(nameof(Links))]
    public void Target_that_is_there_on_the_host_is_found_in_the_root(string link)
    {
        var (volume, payload) = Prepare(link);
        var own = Directory.CreateDirectory(RootPath + Path.Join(Outside, "target")).FullName;

        // The file that is bound shows where in the container the mount is.
        var said = SayWith(
            $"cat /volume/x/target/file {Outside}/target/file; grep -c ' {Outside}/target ' /proc/self/mountinfo",
            Bind(volume, "/volume"), Bind(payload, "/volume/x/target"));

        Assert.Equal("payload\npayload\n1", said);
        Assert.Empty(Directory.GetFileSystemEntries(own));
        AssertHostIsUntouched();
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Target_that_has_to_be_made_is_made_in_the_root(string link)
    {
        var (volume, payload) = Prepare(link);

        var said = SayWith(
            $"cat {Outside}/new/folder/file {Outside}/new/file; grep -c ' {Outside}/new/' /proc/self/mountinfo",
            Bind(volume, "/volume"),
            Bind(payload, "/volume/x/new/folder"),
            Bind(Path.Join(payload, "file"), "/volume/x/new/file"));

        Assert.Equal("payload\npayload\n2", said);
        Assert.True(Directory.Exists(RootPath + Outside + "/new/folder"));
        Assert.Equal(["link", "target"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertHostIsUntouched();
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void New_file_systems_land_in_the_root_too(string link)
    {
        var (volume, _) = Prepare(link);

        var said = SayWith(
            $"touch /volume/x/new/made; ls {Outside}/new; ls -d {Outside}/new/shm",
            Bind(volume, "/volume"),
            new Mount("/volume/x/new", "tmpfs", "tmpfs"),
            new Mount("/volume/x/new/shm", "tmpfs", "tmpfs", ["tmpcopyup"]));

        Assert.Equal($"made\nshm\n{Outside}/new/shm", said);
        AssertHostIsUntouched();
    }

    [Theory]
    [InlineData("x", "a/b/c", "a/b/c")]
    [InlineData("x", "gone/../there", "there")]
    [InlineData("x", "chain", "end/of/it")]
    [InlineData("folder/x", "own/one", "folder/own/one")]
    [InlineData("folder/x", "../own/", "own")]
    [InlineData("folder/x", "/volume/absolute", "absolute")]
    public void What_a_link_leads_to_is_made_where_the_link_says(string link, string leads, string made)
    {
        var volume = Make("volume");
        Make("volume/folder");
        var payload = Make("payload");
        File.WriteAllText(Path.Join(payload, "file"), "payload\n");
        File.CreateSymbolicLink(Path.Join(volume, "chain"), "end/of/it");
        File.CreateSymbolicLink(Path.Join(volume, link), leads);

        var said = SayWith(
            $"cat /volume/{made}/folder/file /volume/{made}/file",
            Bind(volume, "/volume"),
            Bind(payload, $"/volume/{link}//folder/"),
            Bind(Path.Join(payload, "file"), $"/volume/{link}/file"));

        Assert.Equal("payload\npayload", said);
    }

    [Fact]
    public void File_is_bound_where_a_link_to_nothing_leads()
    {
        var volume = Make("volume");
        var payload = Make("payload");
        File.WriteAllText(Path.Join(payload, "file"), "payload\n");
        File.CreateSymbolicLink(Path.Join(volume, "x"), "made/here");

        Assert.Equal("payload", SayWith("cat /volume/made/here", Bind(volume, "/volume"), Bind(Path.Join(payload, "file"), "/volume/x")));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("file/below")]
    public void Link_that_leads_nowhere_at_all_is_refused(string leads)
    {
        var volume = Make("volume");
        File.WriteAllText(Path.Join(volume, "file"), "");
        File.CreateSymbolicLink(Path.Join(volume, "x"), leads);

        Assert.Contains(
            leads == "x" ? "ELOOP" : "ENOTDIR", Refusal(Bind(volume, "/volume"), Bind(Make("payload"), "/volume/x/t")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void More_links_to_nothing_in_a_row_than_the_launcher_follows_are_refused()
    {
        var volume = Make("volume");
        for (var i = 0; i < 30; i++)
        {
            File.CreateSymbolicLink(Path.Join(volume, $"x{i}"), $"x{i + 1}");
        }

        Assert.Contains("ELOOP", Refusal(Bind(volume, "/volume"), Bind(Make("payload"), "/volume/x0/t")), StringComparison.Ordinal);
        Assert.Equal(30, Directory.GetFileSystemEntries(volume).Length);
    }

    [Fact]
    public void Link_to_the_root_itself_covers_nothing()
    {
        var (volume, payload) = Prepare("/");

        Assert.Contains(
            "the target is the root itself", Refusal(Bind(volume, "/volume"), Bind(payload, "/volume/x")), StringComparison.Ordinal);
    }

    private string Outside => Path.Join(Folder, "outside");

    private (string Volume, string Payload) Prepare(string link)
    {
        Make("outside/target");
        File.CreateSymbolicLink(Path.Join(Outside, "link"), "/etc");
        var volume = Make("volume");
        Make("volume/folder");
        File.CreateSymbolicLink(Path.Join(volume, "second"), Outside);
        File.CreateSymbolicLink(Path.Join(volume, "x"), link.Replace("HOST", Outside[..^"/outside".Length], StringComparison.Ordinal));
        var payload = Make("payload");
        File.WriteAllText(Path.Join(payload, "file"), "payload\n");
        return (volume, payload);
    }

    // Mounts are compared by the base class.
    private void AssertHostIsUntouched()
    {
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(Outside, "target")));
        Assert.Equal(
            ["folder", "second", "x"],
            Directory.GetFileSystemEntries(Path.Join(Folder, "volume")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["link", "target"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
