namespace PsContainers.Cmdlets.Parameters;

/// <summary>How a text stands for a mount.</summary>
public enum MountNotation
{
    /// <summary><c>type=bind,source=/srv,target=/data</c></summary>
    Pairs,

    /// <summary><c>/srv:/data:ro</c></summary>
    Volume,

    /// <summary><c>/run:size=64m</c></summary>
    Tmpfs,
}
