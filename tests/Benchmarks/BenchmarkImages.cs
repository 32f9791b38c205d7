using System.Globalization;
using System.Text;

namespace PsContainers.Benchmarks;

/// <summary>The images that are moved about: a Debian in one layer, the same in ten, and thousands of tiny ones.</summary>
internal static class BenchmarkImages
{
    /// <summary>A small Debian as one tar file; made by the tests' script, from the mirror, unless a test run left one.</summary>
    public static string Debian(Workspace workspace)
    {
        var kept = Path.Join(Workspace.Repository, "artifacts/test-cache/debian-bookworm.tar");
        if (File.Exists(kept))
        {
            return kept;
        }

        var made = Path.Join(workspace.Folder, "debian.tar");
        Native.Ask("/bin/bash", Path.Join(Workspace.Repository, "tests/Kernel.Tests/Images/debian.sh"), made);
        return made;
    }

    /// <summary>A docker-archive of one image whose ten layers have a tenth of Debian's files each.</summary>
    public static string TenLayers(Workspace workspace, string debian, string name)
    {
        var folder = Directory.CreateDirectory(Path.Join(workspace.Folder, "ten")).FullName;
        var archive = Path.Join(workspace.Folder, "ten.tar");
        Native.Ask("/bin/bash", "-c", $$"""
            set -e
            cd {{folder}}
            tar -tf {{debian}} | grep -v '/$' > names
            split -n l/10 -d names part.
            ids= layers=
            for i in 0 1 2 3 4 5 6 7 8 9; do
                mkdir tree$i
                tar -C tree$i --numeric-owner -xf {{debian}} -T part.0$i
                tar -C tree$i --numeric-owner -cf $i.tar .
                rm -rf tree$i
                id=$(sha256sum < $i.tar | cut -d' ' -f1)
                ids="$ids,\"sha256:$id\"" layers="$layers,\"$i.tar\""
            done
            printf '{ "architecture": "amd64", "os": "linux", "config": { "Cmd": ["sh"] }, ' > config.json
            printf '"rootfs": { "type": "layers", "diff_ids": [%s] } }' "${ids#,}" >> config.json
            printf '[{"Config":"config.json","RepoTags":["{{name}}"],"Layers":[%s]}]' "${layers#,}" > manifest.json
            tar -cf {{archive}} manifest.json config.json ?.tar
            rm -rf {{folder}}
            """);
        return archive;
    }

    /// <summary>A docker-archive of so many images that differ in a label.</summary>
    public static string Many(Workspace workspace, int count)
    {
        var folder = Directory.CreateDirectory(Path.Join(workspace.Folder, "many")).FullName;
        Native.Ask("/bin/tar", "-C", workspace.Root, "-cf", Path.Join(folder, "layer.tar"), "etc");
        var id = Native.Ask("/usr/bin/sha256sum", Path.Join(folder, "layer.tar"))[..64];
        var list = new StringBuilder("[");
        for (var i = 0; i < count; i++)
        {
            File.WriteAllText(Path.Join(folder, $"{i}.json"), string.Create(CultureInfo.InvariantCulture, $$"""
                { "architecture": "amd64", "os": "linux", "config": { "Labels": { "n": "{{i}}" } },
                  "rootfs": { "type": "layers", "diff_ids": ["sha256:{{id}}"] } }
                """));
            list.Append(
                CultureInfo.InvariantCulture,
                $$"""{{(i == 0 ? "" : ",")}}{ "Config": "{{i}}.json", "RepoTags": ["many/image:{{i}}"], "Layers": ["layer.tar"] }""");
        }

        File.WriteAllText(Path.Join(folder, "manifest.json"), list.Append(']').ToString());
        var archive = Path.Join(workspace.Folder, "many.tar");
        Native.Ask("/bin/tar", "-C", folder, "-cf", archive, ".");
        Native.Ask("/bin/rm", "-rf", folder);
        return archive;
    }
}
