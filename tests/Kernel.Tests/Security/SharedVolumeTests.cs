using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>CVE-2021-30465: one container swaps a folder of a shared volume for a link while another has a mount put into it.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class SharedVolumeTests(TestHost host) : KernelTest(host)
{
    private const int Starts = 200;

    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("/outside")]
    [InlineData("HOST/outside")]
    [InlineData("../../../../../../../..HOST/outside")]
    [InlineData("/proc/1/rootHOST/outside")]
    public void Mount_below_a_swapped_folder_lands_inside_the_root(string link)
    {
        using var victim = new OciRuntime(Host);
        using var attacker = new OciRuntime(Host); // The first to go: nothing can be deleted while it swaps.
        var shared = Directory.CreateDirectory(Path.Join(victim.Bundle, "shared")).FullName;
        var payload = Directory.CreateDirectory(Path.Join(victim.Bundle, "payload")).FullName;
        Directory.CreateDirectory(Path.Join(victim.Bundle, "outside/sub"));
        Directory.CreateDirectory(Path.Join(shared, "folder/sub"));
        File.CreateSymbolicLink(Path.Join(shared, "link"), link.Replace("HOST", victim.Bundle, StringComparison.Ordinal));
        attacker.Configure(
            ["attack", "swap", "/volume/folder", "/volume/link"],
            spec => spec with { Mounts = [.. spec.Mounts!, Bind(shared, "/volume")] });
        victim.Configure(
            ["grep", "-c", "/payload ", "/proc/self/mountinfo"],
            spec => spec with { Mounts = [.. spec.Mounts!, Bind(shared, "/volume"), Bind(payload, "/volume/folder/sub")] });
        attacker.Do("run", "--detach", "--bundle", attacker.Bundle, "attacker").Text();
        var starts = 0;
        var states = new HashSet<bool>();

        for (var end = DateTime.UtcNow + _duration; DateTime.UtcNow < end;)
        {
            states.Add(new FileInfo(Path.Join(shared, "folder")).LinkTarget is null);
            var result = victim.Do("run", "--bundle", victim.Bundle, "victim");

            // A mount that went out of the root is not in the table of a process that lives in it.
            Assert.True(
                result.ExitCode == 0 ? result.Text() == "1" : result.Error.StartsWith("psc-runtime: ", StringComparison.Ordinal),
                $"{result.ExitCode}: {result.Output} {result.Error}");
            starts += result.ExitCode == 0 ? 1 : 0;
        }

        Assert.Equal(2, states.Count);
        Assert.True(starts > 0, "no container started");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(victim.Bundle, "outside/sub")));
    }

    [Theory]
    [InlineData("HOST/outside")]
    [InlineData("../../../../../../../..HOST/outside")]
    public void Two_hundred_targets_that_have_to_be_made_are_never_made_on_the_host(string link)
    {
        using var victim = new OciRuntime(Host);
        using var attacker = new OciRuntime(Host);
        var shared = Directory.CreateDirectory(Path.Join(victim.Bundle, "shared")).FullName;
        var payload = Directory.CreateDirectory(Path.Join(victim.Bundle, "payload")).FullName;
        var outside = Directory.CreateDirectory(Path.Join(victim.Bundle, "outside")).FullName;
        Directory.CreateDirectory(Path.Join(shared, "folder"));
        File.CreateSymbolicLink(Path.Join(shared, "link"), link.Replace("HOST", victim.Bundle, StringComparison.Ordinal));
        attacker.Configure(
            ["attack", "swap", "/volume/folder", "/volume/link"],
            spec => spec with { Mounts = [.. spec.Mounts!, Bind(shared, "/volume")] });
        attacker.Do("run", "--detach", "--bundle", attacker.Bundle, "attacker").Text();
        var started = 0;

        for (var i = 0; i < Starts; i++)
        {
            var target = $"/volume/folder/{i}/below";
            victim.Configure(
                ["grep", "-c", "/below ", "/proc/self/mountinfo"],
                spec => spec with { Mounts = [.. spec.Mounts!, Bind(shared, "/volume"), Bind(payload, target)] });
            var result = victim.Do("run", "--bundle", victim.Bundle, "victim");
            Assert.True(
                result.ExitCode == 0 ? result.Text() == "1" : result.Error.StartsWith("psc-runtime: ", StringComparison.Ordinal),
                $"{result.ExitCode}: {result.Output} {result.Error}");
            started += result.ExitCode == 0 ? 1 : 0;
        }

        Assert.True(started > 0, "no container started");
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.Empty(Directory.GetFileSystemEntries(payload));
    }

    private static Mount Bind(string source, string target) => new(target, "bind", source, ["rbind"]);
}
