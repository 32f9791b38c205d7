using PsContainers.Drivers;

namespace PsContainers.Plugins.Contract;

/// <summary>The first call: what the engine speaks, and where the driver may keep things.</summary>
internal sealed record HelloQuestion(string Contract, DriverEnvironment Environment);

/// <summary>What the driver speaks, and who it is.</summary>
internal sealed record HelloAnswer
{
    public required string Name { get; init; }

    public required string Contract { get; init; }
}

internal sealed record DefineQuestion(NetworkDefinition Wanted, IReadOnlyList<NetworkDefinition> Others);

internal sealed record PlanQuestion(AttachmentRequest Request);

internal sealed record AttachQuestion(AttachmentPlan Plan);

internal sealed record DetachQuestion(AttachmentRecord Record);

internal sealed record PublishQuestion(AttachmentRecord Record, IReadOnlyList<PortMapping> Ports);

/// <summary>Of <c>check</c> and of <c>repair</c>.</summary>
internal sealed record UpkeepQuestion(NetworkDefinition Network, IReadOnlyList<AttachmentRecord> Attachments);

internal sealed record DefineVolumeQuestion(VolumeDefinition Wanted);

internal sealed record CreateVolumeQuestion(VolumeDefinition Volume);

internal sealed record RemoveVolumeQuestion(VolumeRecord Record);

internal sealed record MountVolumeQuestion(VolumeUse Use);

internal sealed record UnmountVolumeQuestion(VolumeUseRecord Record);

/// <summary>The answer of a call that has nothing to say but that it is done: <c>{}</c>.</summary>
internal sealed record Done;

/// <summary>What StreamJsonRpc sends beside the message of a <see cref="DriverException"/>.</summary>
internal sealed record DriverErrorData
{
    public required DriverErrorKind Kind { get; init; }

    public string? Field { get; init; }
}

/// <summary>A <see cref="DriverException"/> as it is sent in a line.</summary>
internal sealed record DriverError
{
    public required DriverErrorKind Kind { get; init; }

    public required string Message { get; init; }

    public string? Field { get; init; }
}
