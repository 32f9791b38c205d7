using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Launch;

/// <summary>What a launch needs besides the specification: where things are on this host.</summary>
public sealed record LaunchOptions
{
    /// <summary>The container's id, for messages.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute host directory that the root is mounted on, in the container's own mount namespace.</summary>
    public required string RootPath { get; init; }

    /// <summary>The root file system: an overlay by a snapshot, or null to bind <see cref="RootPath"/> itself.</summary>
    public Mount? Root { get; init; }

    /// <summary>The container's control groups.</summary>
    public required CgroupPlan Cgroups { get; init; }

    /// <summary>The scope that those groups are; null where nobody but the launcher makes groups.</summary>
    public ScopeRegistration? Scope { get; init; }

    /// <summary>Directory for control socket, state and exit record; null keeps none.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>Log file; null keeps none.</summary>
    public string? LogPath { get; init; }

    /// <summary>Bytes after which the log is rotated; 0 never.</summary>
    public long LogLimit { get; init; }

    /// <summary>Rotated files kept beside the current one.</summary>
    public int LogFiles { get; init; }

    /// <summary>`name|uid[:group|gid]`, looked up inside the container; null takes the numbers of the specification.</summary>
    public string? User { get; init; }

    public PlanFlags Flags { get; init; }

    /// <summary>Absolute path of the bundle: where relative sources of bind mounts start, and part of the state that hooks get.</summary>
    public string? Bundle { get; init; }

    /// <summary>File to write the first process's id into.</summary>
    public string? PidFile { get; init; }

    /// <summary>AF_UNIX socket to send the terminal's master to.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>File to append an error to, besides stderr.</summary>
    public string? ErrorLog { get; init; }

    /// <summary>How many descriptors from 3 on the container inherits.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>The running container to execute a command in; null makes a container.</summary>
    public ExecTarget? Target { get; init; }
}
