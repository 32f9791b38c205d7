using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Puts the files of a tar archive, plain or compressed with gzip or zstd, into a volume.</summary>
public sealed class ImportVolume
{
    private readonly VolumeTable _volumes;
    private readonly NewVolume _newVolume;
    private readonly VolumeVisit _visit;

    internal ImportVolume(VolumeTable volumes, NewVolume newVolume, VolumeVisit visit) =>
        (_volumes, _newVolume, _visit) = (volumes, newVolume, visit);

    /// <param name="creation">The volume; when there is none of the name it is made, and appears with all its files.</param>
    /// <param name="force">Whether files may be put beside those that are there, and in the place of those of the same name.</param>
    /// <exception cref="ContainerEngineException">
    /// ImagePathNotFound, VolumeNotEmpty, VolumeFailed: a new volume is gone then; and those of <see cref="CreateVolume.Execute"/>.
    /// </exception>
    public ContainerVolume Execute(string path, VolumeCreation creation, bool force = false, CancellationToken cancellation = default)
    {
        if (Directory.Exists(path))
        {
            throw VolumeErrors.IsDirectory(creation.Name ?? path, path);
        }

        if (!File.Exists(path))
        {
            throw EngineErrors.ImagePathNotFound(path);
        }

        var name = creation.Name ?? path;
        if (creation.Name is null || _volumes.FindByName(creation.Name) is not { Status: not ContainerVolumeStatus.Removing } row)
        {
            return _newVolume.Make(creation, directory => Extract(name, path, directory, cancellation), cancellation);
        }

        using (var visited = _visit.Begin(row, cancellation))
        {
            if (!force && !visited.Directory.IsEmpty())
            {
                throw VolumeErrors.NotEmpty(row.Name);
            }

            Extract(name, path, visited.Directory, cancellation);
        }

        return VolumeModel.Of(_volumes.Find(row.Id) ?? throw VolumeErrors.NotFound(row.Name), _volumes);
    }

    private static void Extract(string name, string path, DirectoryDescriptor directory, CancellationToken cancellation)
    {
        try
        {
            using var archive = File.OpenRead(path);
            DirectoryArchive.Extract(archive, directory, VolumeArchive.Limits, cancellation);
            directory.SynchronizeFileSystem();
        }
        catch (Exception e) when (e is ImageFormatException or LinuxException or IOException or UnauthorizedAccessException)
        {
            throw VolumeErrors.Failed(name, $"take the files of '{path}'", e);
        }
    }
}
