using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Manifests;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Storage;
using PsContainers.Engine.Store;
using PsContainers.Engine.Volumes;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Plugins;
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
    private readonly ContainerModel _model;
    private readonly Lazy<PluginHost> _plugins;
    private readonly NetworkDrivers _drivers;
    private readonly NetworkTable _networks;
    private readonly NetworkLookup _networkLookup;
    private readonly NetworkUsers _networkUsers;
    private readonly NetworkLocks _networkLocks;
    private readonly AttachmentTable _attachments;
    private readonly AttachmentRelease _release;
    private readonly AttachmentLeftovers _leftovers;
    private readonly ContainerNetworking _networking;
    private readonly VolumeTable _volumes;
    private readonly VolumeDrivers _volumeDrivers;
    private readonly VolumeLookup _volumeLookup;
    private readonly VolumeLocks _volumeLocks;
    private readonly VolumeAccess _volumeAccess;
    private readonly VolumeRelease _volumeRelease;

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
        _plugins = new Lazy<PluginHost>(() => new PluginHost(
            PluginPaths.FromEnvironment(PluginsBeside(launcher), paths.Plugins, paths.PluginRuns)));
        _drivers = new NetworkDrivers(_plugins);
        _networks = new NetworkTable(database);
        _networkLookup = new NetworkLookup(_networks, _drivers);
        _networkLocks = new NetworkLocks(paths.Locks);
        _attachments = new AttachmentTable(database);
        var brief = new BriefCalls();
        _release = new AttachmentRelease(_attachments, _drivers, brief);
        _volumes = new VolumeTable(database);
        _volumeDrivers = new VolumeDrivers(_plugins);
        _volumeLookup = new VolumeLookup(_volumes, _volumeDrivers);
        _volumeLocks = new VolumeLocks(paths.Locks);
        _volumeAccess = new VolumeAccess(_volumes, _volumeDrivers, _volumeLocks);
        _volumeRelease = new VolumeRelease(_volumes, _volumeDrivers, _volumeLocks, _containers, brief);
        _model = new ContainerModel(paths, _containers, _attachments, _volumes);
        _remains = new ContainerRemains(paths, _containers, _locks, _snapshots, _collection, _release, _volumeRelease);
        _reconciliation = new Reconciliation(paths, _containers, _locks, _remains);
        _leftovers = new AttachmentLeftovers(_containers, _locks);
        _networkUsers = new NetworkUsers(_attachments, _containers, _reconciliation, _leftovers);
        var reservation = new AttachmentReservation(_networkLookup, _attachments, _containers);
        _networking = new ContainerNetworking(
            reservation, _release, _attachments, _locks, _networkLocks, _drivers, _containers, _reconciliation);
        var mounting = new ContainerMounting(
            paths, _images, _volumes, _volumeAccess, new VolumeFilling(_volumes, _volumeLocks), _snapshots);
        _launch = new ContainerLaunch(
            paths, launcher, _images, _containers, _snapshots, _remains, _networking, mounting, _hierarchies);
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

    public MeasureStorage MeasureStorage => new(Paths, _images, _volumes, _content, _layers, Needs);

    public CheckStorage CheckStorage => new(Paths, _images, _content, _layers);

    public RepairStorage RepairStorage => new(Paths, _images, _content, _layers, _collection, Needs);

    public CreateContainer CreateContainer => new(
        Paths,
        _model,
        _imageLookup,
        _containers,
        _locks,
        _networkLookup,
        new MountSelection(_imageLookup, _volumes, _volumeLookup, _volumeRelease, _lookup));

    public StartContainer StartContainer => new(_model, _lookup, _locks, _reconciliation, _launch);

    public StartNewContainer StartNewContainer => new(_model, _reconciliation, CreateContainer, _launch, RemoveContainer);

    public RunContainer RunContainer => new(Paths, _model, _locks, _reconciliation, CreateContainer, _launch);

    public StopContainer StopContainer => new(Paths, _model, _lookup, _locks, _reconciliation);

    public SuspendContainer SuspendContainer => new(Paths, _model, _lookup, _locks, _reconciliation, _hierarchies);

    public ResumeContainer ResumeContainer => new(Paths, _model, _lookup, _locks, _reconciliation);

    public SignalContainer SignalContainer => new(Paths, _model, _lookup, _reconciliation);

    public UpdateContainer UpdateContainer =>
        new(_model, _lookup, _locks, _reconciliation, _containers, _networking, _hierarchies);

    public ExecuteCommand ExecuteCommand => new(Paths, _model, _launcher, _lookup, _reconciliation, _hierarchies);

    public WaitContainer WaitContainer => new(Paths, _model, _lookup, _locks, _reconciliation);

    public RemoveContainer RemoveContainer => new(Paths, _lookup, _locks, _reconciliation, _remains);

    public GetContainers GetContainers => new(_model, _containers, _reconciliation);

    public GetContainer GetContainer => new(_model, _lookup, _reconciliation);

    public CreateNetwork CreateNetwork => new(_networkLookup, _drivers);

    public ChangeNetwork ChangeNetwork =>
        new(_networks, _networkLookup, _networkUsers, _networkLocks, _drivers, _release, _leftovers);

    public GetNetworks GetNetworks => new(_networks, _networkLookup, _networkUsers);

    public RemoveNetwork RemoveNetwork =>
        new(_networks, _networkLookup, _networkUsers, _networkLocks, _drivers, _release, _leftovers, DisconnectNetwork);

    public ConnectNetwork ConnectNetwork =>
        new(_lookup, _locks, _reconciliation, _containers, _networkLookup, _attachments, Connections, _model);

    public DisconnectNetwork DisconnectNetwork =>
        new(_lookup, _locks, _reconciliation, _containers, _networkLookup, _attachments, Connections, _model);

    public RepairNetworks RepairNetworks =>
        new(
            _networks, _networkLookup, _networkUsers, _attachments, _containers, _reconciliation,
            _leftovers, _networkLocks, _release, _drivers);

    public CreateVolume CreateVolume => new(_volumes, _volumeLookup, _volumeAccess, _volumeLocks, _volumeRelease);

    public GetVolumes GetVolumes => new(_volumes, _volumeLookup);

    public RemoveVolume RemoveVolume => new(_volumes, _volumeLookup, _volumeRelease);

    public RenameVolume RenameVolume => new(_volumes, _volumeLookup);

    public MountVolume MountVolume => new(_volumes, _volumeLookup, _volumeAccess, _volumeRelease);

    public DismountVolume DismountVolume => new(_volumes, _volumeLookup, _volumeRelease);

    public CopyVolume CopyVolume => new(_volumeLookup, NewVolume, VolumeVisit);

    public ExportVolume ExportVolume => new(Paths, _volumeLookup, VolumeVisit);

    public ImportVolume ImportVolume => new(_volumes, NewVolume, VolumeVisit);

    public MeasureVolume MeasureVolume => new(_volumeLookup, VolumeVisit);

    public PluginHost Plugins => _plugins.Value;

    public ReadLog ReadLog => new(Paths, _lookup);

    private RunningConnections Connections => new(Paths, _attachments, _release, _networking, new WayOut(_attachments));

    private VolumeVisit VolumeVisit => new(_volumes, _volumeAccess, _volumeRelease, _volumeLocks);

    private NewVolume NewVolume => new(_volumes, _volumeLookup, _volumeRelease, VolumeVisit);

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
            LockSweep.Discard(paths.Locks, NetworkLocks.Suffix, services._networks.Ids);
            LockSweep.Discard(paths.Locks, VolumeLocks.Suffix, services._volumes.Ids);
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

    public void Dispose()
    {
        if (_plugins.IsValueCreated)
        {
            _plugins.Value.Dispose();
        }

        _database.Dispose();
    }

    // The launcher lies in the module's folder, and so do the plugins that came with it.
    private static string PluginsBeside(string launcher) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(launcher))!, "plugins");

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
