using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Makes a new volume with all the files of another one.</summary>
public sealed class CopyVolume
{
    private readonly VolumeLookup _lookup;
    private readonly NewVolume _newVolume;
    private readonly VolumeVisit _visit;

    internal CopyVolume(VolumeLookup lookup, NewVolume newVolume, VolumeVisit visit) =>
        (_lookup, _newVolume, _visit) = (lookup, newVolume, visit);

    /// <param name="driver">Null: the same driver, with the same options.</param>
    /// <param name="options">For another driver.</param>
    /// <exception cref="ContainerEngineException">
    /// VolumeNotFound, VolumeFailed, and those of <see cref="CreateVolume.Execute"/>: nothing of the new volume is left.
    /// </exception>
    public ContainerVolume Execute(
        string volume,
        string name,
        string? driver = null,
        IReadOnlyDictionary<string, string>? options = null,
        CancellationToken cancellation = default)
    {
        var source = _lookup.Resolve(volume);
        using var from = _visit.Begin(source, cancellation);
        var creation = new VolumeCreation
        {
            Name = name,
            Driver = driver ?? source.Definition.Driver,
            Options = options ?? (driver is null ? source.Definition.Options : null),
            Labels = source.Labels,
        };
        return _newVolume.Make(creation, to => Copy(source, from.Directory, to, cancellation), cancellation);
    }

    private static void Copy(VolumeRow source, DirectoryDescriptor from, DirectoryDescriptor to, CancellationToken cancellation)
    {
        try
        {
            TreeCopy.Copy(from, to, cancellation);
            TreeCopy.CopyAttributes(from, to);
            to.SynchronizeFileSystem();
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(source.Name, "be copied", e);
        }
    }
}
