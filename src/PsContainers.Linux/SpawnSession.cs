namespace PsContainers.Linux;

/// <summary>The session that a new process belongs to. credentials(7)</summary>
public enum SpawnSession
{
    /// <summary>One of its own: no terminal, and nothing that is typed there reaches it.</summary>
    Own,

    /// <summary>The caller's, with its terminal.</summary>
    Callers,
}
