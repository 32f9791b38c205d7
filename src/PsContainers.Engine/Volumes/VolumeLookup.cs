using PsContainers.Drivers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Volumes;

/// <summary>Finds the one volume that a user means: by name, or by the beginning of its id.</summary>
internal sealed class VolumeLookup(VolumeTable volumes, VolumeDrivers drivers)
{
    private const int NamedInMessage = 4;
    private const int IdLength = 64;

    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeAmbiguous</exception>
    public VolumeRow Resolve(string volume)
    {
        if (volumes.FindByName(volume) is { } named)
        {
            return named;
        }

        var prefix = volume.ToLowerInvariant();
        if (prefix.Length is 0 or > IdLength || !prefix.All(char.IsAsciiHexDigitLower))
        {
            throw VolumeErrors.NotFound(volume);
        }

        return volumes.FindByPrefix(prefix, NamedInMessage) switch
        {
            [] => throw VolumeErrors.NotFound(volume),
            [var one] => one,
            var several => throw VolumeErrors.Ambiguous(volume, several.Select(row => row.Id[..12])),
        };
    }

    /// <summary>The same volume as it is now.</summary>
    /// <exception cref="ContainerEngineException">VolumeNotFound: it was removed meanwhile.</exception>
    public VolumeRow Again(VolumeRow row) => volumes.Find(row.Id) ?? throw VolumeErrors.NotFound(row.Name);

    /// <summary>A volume as its driver completes it, still outside the store.</summary>
    /// <exception cref="ContainerEngineException">VolumeNameInvalid, VolumeDriverNotFound, VolumeInvalid, VolumeDriverFailed</exception>
    public VolumeRow Define(VolumeCreation creation, bool isAnonymous)
    {
        if (creation.Name is { } name)
        {
            VolumeName.Check(name);
        }

        var id = VolumeName.NewId();
        var wanted = new VolumeDefinition
        {
            Id = id,
            Name = creation.Name ?? id,
            Driver = creation.Driver ?? drivers.Default,
            Options = creation.Options ?? new Dictionary<string, string>(),
        };
        var labels = creation.Labels ?? new Dictionary<string, string>();
        return new VolumeRow(wanted.Name, drivers.Define(wanted), labels, isAnonymous, DateTime.UtcNow);
    }
}
