using System.Text;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests;

/// <summary>Rows as the engine could have made them, to be bent by a test.</summary>
internal static class Sample
{
    internal static readonly DateTime Time = new DateTime(2026, 11, 24, 14, 9, 0, DateTimeKind.Utc).AddTicks(1_234_567);

    /// <summary>64 hexadecimal digits that begin as given.</summary>
    internal static string Id(string beginning) => beginning.PadRight(64, '0');

    internal static Digest DigestOf(string text) => Digest.Of(Encoding.UTF8.GetBytes(text));

    internal static ImageRow Image(string seed = "busybox", params string[] names) => new(
        DigestOf(seed + " config").ToString(),
        DigestOf(seed + " manifest").ToString(),
        new ImageConfig
        {
            Architecture = "amd64",
            Os = "linux",
            RootFs = new RootFs { Type = "layers", DiffIds = [DigestOf(seed + " diff")] },
            Config = new ContainerConfig { Cmd = ["sh"], Env = ["PATH=/bin"] },
        },
        Size: 4096,
        Imported: Time,
        Names: names,
        Chains: [DigestOf(seed + " lower"), DigestOf(seed + " upper")]);

    internal static ContainerRow Container(string id = "c0ffee", string name = "web") => new()
    {
        Id = Id(id),
        Name = name,
        ImageId = Image().Id,
        ImageName = "busybox",
        Settings = Settings(),
        RemoveOnExit = false,
        Created = Time,
        Status = ContainerStatus.Created,
    };

    internal static ContainerSettings Settings() => new()
    {
        Arguments = ["sh", "-c", "true"],
        Environment = ["PATH=/bin"],
        User = "",
        WorkingDirectory = "/",
        Network = NetworkMode.None,
        Labels = new Dictionary<string, string>(),
        StopSignal = 15,
    };
}
