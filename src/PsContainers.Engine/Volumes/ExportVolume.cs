using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Writes all files of a volume as one tar archive.</summary>
/// <remarks>Containers that write to it go on: stop them, or suspend them, for an archive of one moment.</remarks>
public sealed class ExportVolume
{
    private readonly EnginePaths _paths;
    private readonly VolumeLookup _lookup;
    private readonly VolumeVisit _visit;

    internal ExportVolume(EnginePaths paths, VolumeLookup lookup, VolumeVisit visit) => (_paths, _lookup, _visit) = (paths, lookup, visit);

    /// <param name="overwrite">Whether a file that is there may go.</param>
    /// <exception cref="ContainerEngineException">
    /// VolumeNotFound, ExportPathInUse; VolumeFailed: nothing is left of the file then.
    /// </exception>
    public void Execute(string volume, string path, bool overwrite = false, CancellationToken cancellation = default)
    {
        if (!overwrite && Path.Exists(path))
        {
            throw EngineErrors.ExportPathInUse(path);
        }

        var row = _lookup.Resolve(volume);
        using var visited = _visit.Begin(row, cancellation);

        // Shared: what is half written is taken by nobody for what a killed session left.
        using var shared = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        try
        {
            using var target = TargetFile.Begin(path, new TargetNotes(_paths.Ingest));
            DirectoryArchive.Write(visited.Path, target.Stream, VolumeArchive.Limits, leftOut: [], cancellation, ArchiveNames.Any);
            target.Commit(overwrite);
        }
        catch (Exception e) when (e is ImageFormatException or LinuxException or IOException or UnauthorizedAccessException)
        {
            throw VolumeErrors.Failed(row.Name, "be exported", e);
        }
    }
}
