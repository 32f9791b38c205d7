namespace PsContainers.Oci.Runtime;

/// <summary>A resource limit such as <c>RLIMIT_NOFILE</c>; the largest value means no limit. getrlimit(2)</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#posix-process</remarks>
public sealed record PosixRlimit(string Type, ulong Hard, ulong Soft);
