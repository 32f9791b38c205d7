using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Manifests;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Storage;
using PsContainers.Engine.Store;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine;

/// <summary>The composition root: makes every use case from one set of paths and one connection to the store.</summary>
/// <remarks>One instance serves a session, from several threads if need be; disposing it closes the store.</remarks>
public sealed class ContainerServices : IDisposable
{
    // Reading where the hierarchies are mounted costs more than launching a container; they stay where they are.
    private readonly Lazy<CgroupHierarchies> _hierarchies = new(CgroupHierarchies.OfSelf);
    private readonly string _launcher;
    private readonly Database _database;
    private readonly ImageTable _images;
    private readonly ImageLookup _imageLookup;
    private readonly ManifestTable _manifests;
    private readonly ManifestLookup _manifestLookup;
    private readonly ImageCollection _collection;
    private readonly ImageMounts _mounts;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;
    private readonly Snapshots _snapshots;
    private readonly ContainerTable _containers;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ContainerRemains _remains;
    private readonly ContainerLaunch _launch;

    private ContainerServices(EnginePaths paths, string launcher, Database database)
    {
        Paths = paths;
        _launcher = launcher;
        _database = database;
        _images = new ImageTable(database);
        _containers = new ContainerTable(database);
        _content = new ContentStore(paths.Blobs, paths.Ingest);
        _layers = new LayerStore(paths.Layers, paths.Ingest);
        _locks = new ContainerLocks(paths.Locks);
        _snapshots = new Snapshots(_layers, paths.Containers);
        _imageLookup = new ImageLookup(_images);
        _manifests = new ManifestTable(database);
        _manifestLookup = new ManifestLookup(_manifests, _images, _imageLookup);
        _lookup = new ContainerLookup(_containers);
        _collection = new ImageCollection(paths, _images, _content, _layers);
        _mounts = new ImageMounts(paths);
        _remains = new ContainerRemains(paths, _containers, _locks, _snapshots, _collection);
        _reconciliation = new Reconciliation(paths, _containers, _locks, _remains);
        _launch = new ContainerLaunch(paths, launcher, _images, _containers, _snapshots, _remains, _hierarchies);
    }

    public EnginePaths Paths { get; }

    public ImportImage ImportImage => new(Paths, _images, _collection, _content, _layers);

    public ReceiveImage ReceiveImage => new(Paths, _images, _collection, _content, _layers);

    public PublishImage PublishImage => new(Paths, _images, _imageLookup, _content);

    public PublishManifest PublishManifest => new(Paths, _images, _manifestLookup, _content);

    public GetManifests GetManifests => new(_manifests, _manifestLookup);

    public NewManifest NewManifest => new(_manifests, _manifestLookup, _collection);

    public AddManifestImages AddManifestImages => new(_manifests, _manifestLookup);

    public ChangeManifest ChangeManifest => new(_manifests, _manifestLookup);

    public RemoveManifestImage RemoveManifestImage => new(_manifests, _manifestLookup, _collection);

    public RemoveManifest RemoveManifest => new(_manifests, _collection);

    public GetImages GetImages => new(_images);

    public GetImage GetImage => new(_imageLookup);

    public ExportImage ExportImage => new(Paths, _imageLookup, _content);

    public CompareImages CompareImages => new(Paths, _imageLookup, _snapshots);

    public CompareContainer CompareContainer => new(_lookup, _images, _snapshots);

    public CommitContainer CommitContainer =>
        new(Paths, _lookup, _locks, _reconciliation, _images, _content, _layers, _snapshots, _hierarchies);

    public ExportContainer ExportContainer => new(Paths, _lookup, _locks, _reconciliation, _images, _snapshots, _hierarchies);

    public MountImage MountImage => new(_imageLookup, _layers, _snapshots, _mounts);

    public DismountImage DismountImage => new(_imageLookup, _mounts);

    public AddImageTag AddImageTag => new(_images, _imageLookup);

    public RemoveImageTag RemoveImageTag => new(_images);

    public GetImageHistory GetImageHistory => new(_imageLookup, _layers);

    public GetImageLayers GetImageLayers => new(_images, _imageLookup, _content, _layers);

    public RemoveImage RemoveImage => new(_images, _imageLookup, _containers, _manifests, _reconciliation, _collection, _mounts);

    public FindReclaimable FindReclaimable => new(Paths, Needs, _collection);

    public ReclaimStorage ReclaimStorage => new(RemoveContainer, RemoveImage, _collection);

    public WeighStorage WeighStorage => new(_imageLookup, _lookup, _snapshots, Needs);

    public MeasureStorage MeasureStorage => new(Paths, _images, _content, _layers, Needs);

    public CheckStorage CheckStorage => new(Paths, _images, _content, _layers);

    public RepairStorage RepairStorage => new(Paths, _images, _content, _layers, _collection, Needs);

    public CreateContainer CreateContainer => new(Paths, _imageLookup, _containers);

    public StartContainer StartContainer => new(Paths, _lookup, _locks, _reconciliation, _launch);

    public StartNewContainer StartNewContainer => new(CreateContainer, StartContainer, RemoveContainer);

    public RunContainer RunContainer => new(Paths, _locks, _reconciliation, CreateContainer, _launch);

    public StopContainer StopContainer => new(Paths, _lookup, _locks, _reconciliation);

    public SuspendContainer SuspendContainer => new(Paths, _lookup, _locks, _reconciliation, _hierarchies);

    public ResumeContainer ResumeContainer => new(Paths, _lookup, _locks, _reconciliation);

    public SignalContainer SignalContainer => new(Paths, _lookup, _reconciliation);

    public UpdateContainer UpdateContainer => new(Paths, _lookup, _locks, _reconciliation, _containers, _hierarchies);

    public ExecuteCommand ExecuteCommand => new(Paths, _launcher, _lookup, _reconciliation, _hierarchies);

    public WaitContainer WaitContainer => new(Paths, _lookup, _locks, _reconciliation);

    public RemoveContainer RemoveContainer => new(Paths, _lookup, _locks, _reconciliation, _remains);

    public GetContainers GetContainers => new(Paths, _containers, _reconciliation);

    public GetContainer GetContainer => new(Paths, _lookup, _reconciliation);

    public ReadLog ReadLog => new(Paths, _lookup);

    private StorageNeeds Needs => new(_images, _manifests, _containers, _reconciliation, _layers);

    /// <summary>Opens the store, made when it is missing, and clears away what sessions left that were killed.</summary>
    /// <param name="launcher">The program <c>psc-runtime</c>; needed to start containers only.</param>
    public static ContainerServices Open(EnginePaths paths, string launcher, CancellationToken cancellation = default)
    {
        Database? database = null;
        try
        {
            database = OpenDatabase(paths, cancellation);
            var services = new ContainerServices(paths, launcher, database);
            services._reconciliation.Sweep();
            services._collection.CollectAbandoned();
            BriefSuspension.EndAbandoned(paths, services._containers, services._locks);
            database = null;
            return services;
        }
        catch (UnauthorizedAccessException e)
        {
            throw EngineErrors.RootRequired(paths.Root, e);
        }
        finally
        {
            database?.Dispose();
        }
    }

    public void Dispose() => _database.Dispose();

    private static Database OpenDatabase(EnginePaths paths, CancellationToken cancellation)
    {
        Database? database = null;
        try
        {
            paths.Create();
            database = Database.Open(paths.Database);
            Migration.Apply(database, paths.Database, cancellation);
            new RunHome(database).Claim(paths);
            var opened = database;
            database = null;
            return opened;
        }
        catch (Exception e) when (e is IOException or StoreException)
        {
            throw EngineErrors.StoreUnusable(paths.Root, e);
        }
        finally
        {
            database?.Dispose();
        }
    }
}
