using System.Text;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>Mounts the root: an overlay of layers, or a directory bound onto itself.</summary>
internal static class RootMount
{
    // mount(2) copies one page of options, with the terminator.
    private const int MaximumData = 4095;

    internal static IReadOnlyList<LaunchStep> Build(LaunchOptions options) => options.Root switch
    {
        null => [new MountRoot(null, options.RootPath, MountFlags.Bind | MountFlags.Recursive, null, options.RootPath)],
        { Type: "overlay" } overlay => Overlay(overlay, options.RootPath),
        var other => throw new InvalidSettingException("root", $"a root of type '{other.Type}' is not supported"),
    };

    /// <summary>An overlay on a host directory, as short as its options allow.</summary>
    internal static IReadOnlyList<LaunchStep> Overlay(Mount overlay, string target)
    {
        var options = MountOptions.Parse(overlay.Options);
        var values = options.Own;
        var lower = Layers(values.FirstOrDefault(v => v.StartsWith("lowerdir=", StringComparison.Ordinal))?["lowerdir=".Length..] ?? "");
        var rest = values.Where(v => !v.StartsWith("lowerdir=", StringComparison.Ordinal)).ToArray();

        // Layers share a parent folder; relative to it, more than a hundred fit into mount(2)'s page on every kernel.
        var folder = Path.GetDirectoryName(lower[0].Replace("\\", "", StringComparison.Ordinal)) ?? "/";
        var isShared = lower.All(layer => layer.StartsWith(folder + "/", StringComparison.Ordinal));
        var names = isShared ? lower.Select(layer => layer[(folder.Length + 1)..]).ToArray() : lower;
        var data = string.Join(',', [$"lowerdir={string.Join(':', names)}", .. rest]);
        if (Encoding.UTF8.GetByteCount(data) <= MaximumData)
        {
            var mount = new MountRoot("overlay", "overlay", options.Flags, data, target);
            return isShared ? [new ChangeDirectory(folder), mount] : [mount];
        }

        return [new MountRootByParameters("overlay", [.. lower.Select(l => ("lowerdir+", Unescape(l))), .. rest.Select(KeyValue)], target)];
    }

    // A colon separates layers unless a backslash stands before it.
    private static string[] Layers(string lowerDirectories)
    {
        var layers = new List<string>();
        var start = 0;
        for (var i = 0; i <= lowerDirectories.Length; i++)
        {
            if (i == lowerDirectories.Length || (lowerDirectories[i] == ':' && (i == 0 || lowerDirectories[i - 1] != '\\')))
            {
                layers.Add(lowerDirectories[start..i]);
                start = i + 1;
            }
        }

        return [.. layers];
    }

    private static string Unescape(string path) => path.Replace("\\", "", StringComparison.Ordinal);

    internal static (string Key, string Value) KeyValue(string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (option, "") : (option[..equals], Unescape(option[(equals + 1)..]));
    }
}
