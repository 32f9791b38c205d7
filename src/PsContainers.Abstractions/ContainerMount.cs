using System.Globalization;
using System.Text;

namespace PsContainers;

/// <summary>Something that a container sees at a path beside its image's files.</summary>
/// <remarks>What does not fit <see cref="Type"/> is refused when the container is made.</remarks>
public sealed partial record ContainerMount
{
    public ContainerMountType Type { get; init; } = ContainerMountType.Volume;

    /// <summary>The host's path, the volume's name, or the image's; null for an anonymous volume, tmpfs and devpts.</summary>
    public string? Source { get; init; }

    /// <summary>Where the container sees it: an absolute path.</summary>
    public required string Target { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>
    /// Of a bind, what becomes of mounts below the source. <c>enabled</c>, the default: they are there, and read-only with it;
    /// <c>writable</c>: not read-only with it; <c>readonly</c>: as enabled, refused where the mount is not; <c>disabled</c>: not there.
    /// </summary>
    public string? BindRecursive { get; init; }

    /// <summary>
    /// Of a bind: <c>private</c>, <c>slave</c>, <c>shared</c>, or with <c>r</c> in front for the mounts below as well; <c>rprivate</c> by
    /// default. mount_namespaces(7)
    /// </summary>
    public string? Propagation { get; init; }

    /// <summary>Null leaves it to the type: a tmpfs is nosuid, nodev and noexec, as Docker's is, everything else is none of them.</summary>
    public bool? NoSuid { get; init; }

    public bool? NoDev { get; init; }

    public bool? NoExec { get; init; }

    /// <summary>Of a bind: a directory is made where the source does not exist.</summary>
    public bool CreateSource { get; init; }

    /// <summary>Of a bind or volume: its ids are the container's own, where it has a user namespace of its own.</summary>
    public bool IdMap { get; init; }

    /// <summary>Of a volume or an image: the directory or file in it that is shown, a relative path.</summary>
    public string? Subpath { get; init; }

    /// <summary>Of a volume: an empty one is not filled with what the image has at the target.</summary>
    public bool NoCopy { get; init; }

    /// <summary>The driver that makes the volume if there is none of the name.</summary>
    public string? VolumeDriver { get; init; }

    public IReadOnlyDictionary<string, string> VolumeOption { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> VolumeLabel { get; init; } = new Dictionary<string, string>();

    /// <summary>Of a tmpfs: the most it holds, in bytes; half of the host's memory when it is not set.</summary>
    public long? Size { get; init; }

    /// <summary>Of a tmpfs: its root's mode, as the number that chmod(2) takes; 1777 (octal) when it is not set.</summary>
    public int? Mode { get; init; }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Add("type", Type.ToString().ToLowerInvariant());
        Add("source", Source);
        Add("target", Target);
        Flag("readonly", ReadOnly);
        Add("bind-recursive", BindRecursive);
        Add("bind-propagation", Propagation);
        Add("nosuid", TextOf(NoSuid));
        Add("nodev", TextOf(NoDev));
        Add("noexec", TextOf(NoExec));
        Flag("create-source", CreateSource);
        Flag("idmap", IdMap);
        Add(Type == ContainerMountType.Image ? "image-subpath" : "volume-subpath", Subpath);
        Flag("volume-nocopy", NoCopy);
        Add("volume-driver", VolumeDriver);
        AddPairs("volume-opt", VolumeOption);
        AddPairs("volume-label", VolumeLabel);
        Add("tmpfs-size", Size?.ToString(CultureInfo.InvariantCulture));
        Add("tmpfs-mode", Mode is { } mode ? Convert.ToString(mode, 8) : null);
        return text.ToString();

        void Flag(string key, bool isSet)
        {
            if (isSet)
            {
                text.Append(',').Append(key);
            }
        }

        void AddPairs(string key, IReadOnlyDictionary<string, string> pairs)
        {
            foreach (var (name, value) in pairs)
            {
                Add(key, $"{name}={value}");
            }
        }

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                text.Append(text.Length > 0 ? "," : "").Append(Quoted($"{key}={value}"));
            }
        }
    }

    private static string? TextOf(bool? value) => value is null ? null : value.Value ? "true" : "false";

    private static string Quoted(string field) => field.AsSpan().IndexOfAny(',', '"') < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
