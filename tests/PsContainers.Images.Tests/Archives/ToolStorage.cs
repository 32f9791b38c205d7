using PsContainers.Images.Tests.Layers;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Storage for Podman and Buildah away from the machine's own.</summary>
internal sealed class ToolStorage(string folder) : IDisposable
{
    private const string Preparation = """
        mkdir -p "$0" && cd "$0"
        printf '[storage]\ndriver = "vfs"\nrunroot = "%s/run"\ngraphroot = "%s/graph"\n' "$0" "$0" > storage.conf
        printf '[engine]\ntmp_dir = "%s/tmp"\nevents_logger = "none"\n' "$0" > containers.conf
        printf '{"default":[{"type":"insecureAcceptAnything"}]}' > policy.json
        export CONTAINERS_STORAGE_CONF=$0/storage.conf CONTAINERS_CONF=$0/containers.conf XDG_RUNTIME_DIR=$0/run BUILDAH_ISOLATION=chroot
        export REGISTRIES_CONFIG_PATH=/dev/null

        """;

    internal void Run(string script, params string[] arguments) =>
        LayerSandbox.Run("sh", ["-ec", Preparation + script, folder, .. arguments]);

    public void Dispose() => LayerSandbox.Run("rm", "-rf", folder);
}
