using System.Collections;
using PsContainers.Drivers;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Engine.Volumes;

namespace PsContainers.Engine.Tests.Volumes;

public sealed class VolumeFillingTests : IDisposable
{
    private const string Partial = ".pscontainers-filling";
    private const string Whole = ".pscontainers-filled";

    private readonly EngineSandbox _sandbox = new();
    private readonly string _volume;
    private readonly string _layer;
    private readonly ContainerRow _container = SampleVolume.Container("c0ffee", "web", "a");

    public VolumeFillingTests()
    {
        _volume = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "volume")).FullName;
        _layer = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "layer")).FullName;
        Directory.CreateDirectory(Path.Combine(_layer, "etc"));
        File.WriteAllText(Path.Combine(_layer, "etc/passwd"), "root");
        _sandbox.Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        _sandbox.Volumes.SetReady(Sample.Id("a"), new VolumeResult { Path = _volume }, Durability.ProcessCrash);
        _sandbox.Images.Put(Sample.Image());
        _sandbox.Containers.Insert(new ContainerDraft(_container, []));
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Empty_volume_gets_what_the_image_has()
    {
        Fill("/etc");

        Assert.Equal(["passwd"], Names());
        Assert.Equal(ContainerVolumeStatus.Ready, Status);
    }

    [Fact]
    public void Volume_with_a_file_is_left_alone()
    {
        File.WriteAllText(Path.Combine(_volume, "own"), "");

        Fill("/etc");

        Assert.Equal(["own"], Names());
    }

    [Fact]
    public void What_a_killed_session_left_half_filled_is_filled_anew()
    {
        Leave(Partial, "half");

        Fill("/etc");

        Assert.Equal(["passwd"], Names());
        Assert.Equal(ContainerVolumeStatus.Ready, Status);
    }

    [Fact]
    public void What_a_killed_session_left_half_filled_is_emptied_for_who_wants_nothing_copied()
    {
        Leave(Partial, "half");

        Fill("/etc", isCopied: false);

        Assert.Empty(Names());
        Assert.Equal(ContainerVolumeStatus.Ready, Status);
    }

    [Fact]
    public void What_a_killed_session_had_copied_whole_comes()
    {
        Leave(Whole, "passwd");
        Leave(Whole, "group");

        Fill("/nowhere");

        Assert.Equal(["group", "passwd"], Names().Order());
        Assert.Equal(ContainerVolumeStatus.Ready, Status);
    }

    [Theory]
    [InlineData(Partial, "half")]
    [InlineData(Whole, "own")]
    public void What_others_put_beside_what_a_killed_session_left_stays_theirs(string folder, string left)
    {
        Leave(folder, left);
        File.WriteAllText(Path.Combine(_volume, "own"), "theirs");

        Fill("/etc");

        Assert.Equal(["own"], Names());
        Assert.Equal("theirs", File.ReadAllText(Path.Combine(_volume, "own")));
        Assert.Equal(ContainerVolumeStatus.Ready, Status);
    }

    [Fact]
    public void Volume_that_is_half_filled_since_it_was_found_is_not_taken_for_a_whole_one()
    {
        var seen = Row;
        Leave(Partial, "half");

        Fill("/etc", isCopied: true, TestContext.Current.CancellationToken, seen);

        Assert.Equal(["passwd"], Names());
    }

    [Fact]
    public void Empty_volume_that_an_image_has_nothing_for_is_left_as_it_is_whoever_holds_it()
    {
        Directory.CreateDirectory(Path.Combine(_layer, "srv"));
        using var held = new VolumeLocks(_sandbox.Paths.Locks).Acquire(Sample.Id("a"), "data", TestContext.Current.CancellationToken);
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        Fill("/srv", isCopied: true, soon.Token);

        Assert.Empty(Names());
    }

    [Fact]
    public void Volume_is_not_filled_while_somebody_else_is_at_work_on_it()
    {
        using var held = new VolumeLocks(_sandbox.Paths.Locks).Acquire(Sample.Id("a"), "data", TestContext.Current.CancellationToken);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.Throws<OperationCanceledException>(() => Fill("/etc", isCopied: true, soon.Token));

        Assert.Empty(Names());
    }

    [Fact]
    public void Volume_that_somebody_begins_to_fill_during_the_look_is_not_taken_for_a_whole_one()
    {
        var places = new Meanwhile([new VolumePlace(Row, _volume, "/etc")], () =>
        {
            Leave(Partial, "half");
        });

        Fill(places, TestContext.Current.CancellationToken);

        Assert.Equal(["passwd"], Names());
    }

    [Fact]
    public void Volume_at_two_places_gets_what_the_image_has_at_the_first()
    {
        Directory.CreateDirectory(Path.Combine(_layer, "srv/more"));

        Fill([new VolumePlace(Row, _volume, "/etc"), new VolumePlace(Row, _volume, "/srv")], TestContext.Current.CancellationToken);

        Assert.Equal(["passwd"], Names());
    }

    [Fact]
    public void Owner_and_mode_that_somebody_gave_the_volume_stay()
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_volume, Own);

        Fill("/etc");

        Assert.Equal(["passwd"], Names());
        Assert.Equal(Own, File.GetUnixFileMode(_volume));
    }

    [Fact]
    public void Empty_directory_of_an_image_gives_its_owner_and_mode()
    {
        var srv = Directory.CreateDirectory(Path.Combine(_layer, "srv")).FullName;
        File.SetUnixFileMode(srv, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Fill("/srv");

        Assert.Equal(File.GetUnixFileMode(srv), File.GetUnixFileMode(_volume));
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/etc/passwd")]
    public void Where_the_image_has_no_directory_the_volume_stays_empty(string target)
    {
        Fill(target);

        Assert.Empty(Names());
    }

    [Fact]
    public void Copy_that_is_called_off_leaves_the_volume_empty()
    {
        using var end = new CancellationTokenSource();
        end.Cancel();

        Assert.Throws<OperationCanceledException>(() => Fill("/etc", isCopied: true, end.Token));

        Assert.Empty(Names());
        Assert.Equal(ContainerVolumeStatus.Ready, Status);
    }

    [Fact]
    public void What_somebody_writes_after_a_copy_that_was_called_off_stays()
    {
        using var end = new CancellationTokenSource();
        end.Cancel();
        Assert.Throws<OperationCanceledException>(() => Fill("/etc", isCopied: true, end.Token));
        File.WriteAllText(Path.Combine(_volume, "own"), "");

        Fill("/etc");

        Assert.Equal(["own"], Names());
    }

    [Fact]
    public void What_others_put_beside_a_copy_that_is_called_off_stays()
    {
        const int Many = 5000; // The copy takes longer than the other thread needs to see it.
        Directory.CreateDirectory(Path.Combine(_layer, "many"));
        for (var i = 0; i < Many; i++)
        {
            File.WriteAllText(Path.Combine(_layer, $"many/{i}"), "");
        }

        using var end = new CancellationTokenSource();
        AtOnce.Run(2, number =>
        {
            if (number == 0)
            {
                Assert.Throws<OperationCanceledException>(() => Fill("/many", isCopied: true, end.Token));
                return;
            }

            using var session = _sandbox.OpenDatabase();
            var others = new VolumeTable(session);
            Assert.True(SpinWait.SpinUntil(() => Names().Length > 0, TimeSpan.FromSeconds(20)), "nothing is copied");
            var status = others.Find(Sample.Id("a"))!.Status;
            File.WriteAllText(Path.Combine(_volume, "own"), "");
            end.Cancel();
            Assert.Equal(ContainerVolumeStatus.Filling, status);
        });

        Assert.Equal(["own"], Names());
        Assert.Equal(ContainerVolumeStatus.Ready, Status);
    }

    [Fact]
    public void A_link_of_the_image_leads_nowhere_but_into_the_image()
    {
        File.CreateSymbolicLink(Path.Combine(_layer, "run"), "/etc");

        Fill("/run");

        Assert.Equal(["passwd"], Names());
        Assert.Equal("root", File.ReadAllText(Path.Combine(_volume, "passwd")));
    }

    // What a session leaves that is killed while it fills the volume.
    private void Leave(string folder, string name)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_volume, folder)).FullName, name), "the image's");
        _sandbox.Volumes.SetStatus(Sample.Id("a"), ContainerVolumeStatus.Filling, Durability.ProcessCrash);
    }

    private ContainerVolumeStatus Status => Row.Status;

    private VolumeRow Row => _sandbox.Volumes.Find(Sample.Id("a"))!;

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(_volume).Select(path => Path.GetFileName(path))];

    private void Fill(string target, bool isCopied = true) => Fill(target, isCopied, TestContext.Current.CancellationToken);

    private void Fill(string target, bool isCopied, CancellationToken cancellation, VolumeRow? seen = null) =>
        Fill([new VolumePlace(seen ?? Row, _volume, isCopied ? target : null)], cancellation);

    private void Fill(IReadOnlyList<VolumePlace> places, CancellationToken cancellation)
    {
        using var view = new ImageView([_layer], _sandbox.Paths.MountPoint);
        new VolumeFilling(_sandbox.Volumes, new VolumeLocks(_sandbox.Paths.Locks)).Fill(
            _container, places, view, cancellation);
    }

    /// <summary>Has something happen as soon as somebody begins to look at the places.</summary>
    private sealed class Meanwhile(IReadOnlyList<VolumePlace> places, Action act) : IReadOnlyList<VolumePlace>
    {
        private Action? _act = act;

        public int Count => places.Count;

        public VolumePlace this[int index] => places[index];

        public IEnumerator<VolumePlace> GetEnumerator()
        {
            Interlocked.Exchange(ref _act, null)?.Invoke();
            return places.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
