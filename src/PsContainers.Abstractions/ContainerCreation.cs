namespace PsContainers;

/// <summary>What to make a container from. What is not set comes from the image, then from the engine.</summary>
public sealed record ContainerCreation
{
    /// <summary>A name (<c>busybox</c>, <c>debian:12</c>), a digest, or a unique beginning of an image's id.</summary>
    public required string Image { get; init; }

    /// <summary>Two words are picked when it is not set.</summary>
    public string? Name { get; init; }

    /// <summary>Arguments, passed untouched; they take the place of the image's command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Takes the place of the image's entry point, and drops the image's command.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Added to the image's environment, or put in its place where the name is the same.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary><c>name|uid[:group|gid]</c>, looked up inside the container.</summary>
    public string? User { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>The first 12 digits of the id when it is not set, or the host's name on the host's network.</summary>
    public string? Hostname { get; init; }

    /// <summary>The memory limit in bytes.</summary>
    public long? Memory { get; init; }

    public double? Cpus { get; init; }

    public long? PidsLimit { get; init; }

    public bool ReadOnly { get; init; }

    public NetworkMode Network { get; init; } = NetworkMode.None;

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Removes the container when it ends; what it wrote need not survive anything.</summary>
    public bool RemoveOnExit { get; init; }
}
