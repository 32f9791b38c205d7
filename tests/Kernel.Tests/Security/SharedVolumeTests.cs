using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>CVE-2021-30465: one container swaps a folder of a shared volume for a link while another has a mount put into it.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class SharedVolumeTests(TestHost host) : KernelTest(host)
{
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

    private static Mount Bind(string source, string target) => new(target, "bind", source, ["rbind"]);
}
