namespace PsContainers.Engine.Runs;

/// <summary>What a run directory and the kernel say about a container.</summary>
internal enum Vitality
{
    /// <summary>No trace of a run.</summary>
    Absent,

    /// <summary>A supervisor is there; its container's first process is not yet.</summary>
    Starting,

    Alive,

    /// <summary>The supervisor left its record.</summary>
    Ended,

    /// <summary>There was a run, its supervisor is gone, and it left no record.</summary>
    Lost,
}
