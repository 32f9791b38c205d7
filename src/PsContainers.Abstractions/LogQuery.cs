namespace PsContainers;

/// <summary>Which part of a log to read.</summary>
public sealed record LogQuery
{
    /// <summary>The last so many lines; all when not set.</summary>
    public int? Tail { get; init; }

    /// <summary>From this moment on.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Goes on with new lines until the container ends.</summary>
    public bool Follow { get; init; }
}
