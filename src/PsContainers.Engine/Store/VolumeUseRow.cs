using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>A volume that was mounted for somebody, from before its driver is asked until it was asked to take that back.</summary>
/// <param name="User">A container's id, or another one for a mount that a person asked for.</param>
/// <param name="Target">Where that person wanted it; null where the driver shows it.</param>
internal sealed record VolumeUseRow(string Volume, string User, string? Target, bool IsPerson, VolumeMountResult? Result);
