using PsContainers.Engine.Containers;
using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Storage;
using PsContainers.Engine.Store;
using PsContainers.Engine.Volumes;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Linux;
using PsContainers.Plugins;

namespace PsContainers.Engine.Tests;

/// <summary>An engine's state in a folder of its own that goes away with the test; no container ever runs in it.</summary>
internal sealed class EngineSandbox : IDisposable
{
    internal EngineSandbox()
    {
        Folder = Directory.CreateTempSubdirectory("psc-engine-").FullName;
        Paths = new EnginePaths(Path.Combine(Folder, "root"), Path.Combine(Folder, "run"));
        Paths.Create();
        Database = OpenDatabase();
        Images = new ImageTable(Database);
        Manifests = new ManifestTable(Database);
        Containers = new ContainerTable(Database);
        Content = new ContentStore(Paths.Blobs, Paths.Ingest);
        Layers = new LayerStore(Paths.Layers, Paths.Ingest);
        Locks = new ContainerLocks(Paths.Locks);
        Collection = new ImageCollection(Paths, Images, Content, Layers);
        var plugins = new Lazy<PluginHost>(() => new PluginHost(new PluginPaths([Plugins], Paths.Plugins, Paths.PluginRuns)));
        Drivers = new NetworkDrivers(plugins);
        VolumeDrivers = new VolumeDrivers(plugins);
        Volumes = new VolumeTable(Database);
        Networks = new NetworkTable(Database);
        Attachments = new AttachmentTable(Database);
        Release = new AttachmentRelease(Attachments, Drivers, new BriefCalls());
        VolumeRelease = new VolumeRelease(Volumes, VolumeDrivers, new VolumeLocks(Paths.Locks), Containers, new BriefCalls());
        Remains = new ContainerRemains(
            Paths, Containers, Locks, new Snapshots(Layers, Paths.Containers), Collection, Release,
            VolumeRelease);
        Reconciliation = new Reconciliation(Paths, Containers, Locks, Remains);
    }

    internal string Folder { get; }

    /// <summary>Holds a folder for each driver of networks; none is there.</summary>
    internal string Plugins => Path.Combine(Folder, "drivers");

    internal EnginePaths Paths { get; }

    internal Database Database { get; }

    internal ImageTable Images { get; }

    internal ManifestTable Manifests { get; }

    internal ContainerTable Containers { get; }

    internal ContentStore Content { get; }

    internal LayerStore Layers { get; }

    internal ContainerLocks Locks { get; }

    internal ImageCollection Collection { get; }

    internal NetworkDrivers Drivers { get; }

    internal NetworkTable Networks { get; }

    internal AttachmentTable Attachments { get; }

    internal VolumeDrivers VolumeDrivers { get; }

    internal VolumeTable Volumes { get; }

    internal VolumeRelease VolumeRelease { get; }

    internal AttachmentRelease Release { get; }

    internal ContainerRemains Remains { get; }

    internal Reconciliation Reconciliation { get; }

    internal ContainerModel Model => new(Paths, Containers, Attachments, Volumes);

    internal MountSelection MountSelection =>
        new(new ImageLookup(Images), Volumes, new VolumeLookup(Volumes, VolumeDrivers), VolumeRelease, new ContainerLookup(Containers));

    internal StorageNeeds Needs => new(Images, Manifests, Containers, Reconciliation, Layers);

    public void Dispose()
    {
        Database.Dispose();
        FileTree.Remove(Folder);
    }

    /// <summary>One more connection to the store, as another session has it.</summary>
    internal Database OpenDatabase()
    {
        var database = Database.Open(Paths.Database);
        Migration.Apply(database, Paths.Database, CancellationToken.None);
        return database;
    }

    /// <summary>Puts a container into the store, and its image when it is not there.</summary>
    internal ContainerRow Add(ContainerRow row)
    {
        if (Images.Find(row.ImageId) is null)
        {
            Images.Put(Sample.Image() with { Id = row.ImageId });
        }

        Assert.Equal(InsertOutcome.Inserted, Containers.Insert(row));
        return row;
    }

    /// <summary>A container's run directory, made by hand.</summary>
    internal RunFiles Run(string id) => new(Paths.RunDirectory(id));
}
