namespace PsContainers.Linux;

/// <summary>A point in time as an inode keeps it: seconds since 1970, maybe negative, and nanoseconds after that second.</summary>
public readonly record struct FileTime(long Seconds, int Nanoseconds = 0);
