using PsContainers.Linux;

namespace PsContainers.Images.Tests.Layers;

/// <summary>The kernel's overlay of folders, changed by shell scripts and seen by them; needs root.</summary>
internal sealed class Overlay : IDisposable
{
    // Everything that can be told about a tree: kind, mode, owner, size, links, time, target, attributes and content.
    internal const string Description = """
        cd "$1" && LC_ALL=C find . -printf '%P %y %m %U:%G %T@ %l|' \( -type f -printf '%s %n ' -exec sha256sum {} \; -o -printf '\n' \) |
            sed 's,  \./.*,,' | LC_ALL=C sort
        LC_ALL=C find . \( -type b -o -type c \) -exec stat -c '%n %t:%T' {} + | LC_ALL=C sort
        LC_ALL=C find . -type f -links +1 -printf '%i %P\n' | LC_ALL=C sort -k 2 |
            awk '{ if (!($1 in first)) first[$1] = $2; print first[$1], $2 }'
        LC_ALL=C find . -print0 | LC_ALL=C sort -z | xargs -0 getfattr -h -d -m - -e hex 2> /dev/null | grep -v trusted.overlay || true
        """;

    private readonly string _folder;

    internal Overlay()
    {
        // Not on an overlay, which cannot hold the upper directory of another.
        var parent = new DriveInfo(Path.GetTempPath()).DriveFormat == "overlay" ? "/dev/shm" : Path.GetTempPath();
        _folder = Path.Combine(parent, $"psc-overlay-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Lower);
        Directory.CreateDirectory(Upper);
    }

    internal string Lower => Path.Combine(_folder, "lower");

    internal string Upper => Path.Combine(_folder, "upper");

    /// <summary>The layers as they are stacked.</summary>
    internal IReadOnlyList<string> Layers => [Upper, Lower];

    public void Dispose() => FileTree.Remove(_folder);

    /// <summary>Runs a script in the lower layer.</summary>
    internal void Fill(string script) => LayerSandbox.Run("sh", "-ec", $"cd '{Lower}'\n{script}");

    /// <summary>Runs a script in the merged tree, so that the kernel writes the upper layer.</summary>
    /// <param name="options">Further options of the mount, such as redirect_dir=on.</param>
    internal void Change(string script, string options = "") => Mounted(options, $"cd \"$1\"\n{script}");

    /// <summary>What the kernel shows.</summary>
    internal string Seen(string options = "") => Mounted(options, Description);

    /// <summary>What a folder holds, in the same words.</summary>
    internal static string Describe(string folder) => LayerSandbox.Run("sh", "-ec", Description, "sh", folder);

    // In a mount namespace of its own, which takes the mount away whatever happens.
    private string Mounted(string options, string script)
    {
        var (work, merged) = (Path.Combine(_folder, "work"), Path.Combine(_folder, "merged"));
        Directory.CreateDirectory(work);
        Directory.CreateDirectory(merged);
        var all = $"lowerdir={Lower},upperdir={Upper},workdir={work}{(options.Length > 0 ? "," : "")}{options}";
        return LayerSandbox.Run(
            "unshare", "-m", "sh", "-ec", $"mount -t overlay -o '{all}' overlay '{merged}'\nset -- '{merged}'\n{script}");
    }
}
