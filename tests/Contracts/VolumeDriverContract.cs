using PsContainers.Drivers;

namespace PsContainers.Contracts;

/// <summary>What every volume driver keeps to, tried on a volume of one sort. A driver's tests inherit it.</summary>
public abstract class VolumeDriverContract : IDisposable
{
    private static readonly string _userA = new('1', 64);
    private static readonly string _userB = new('2', 64);
    private readonly VolumeSandbox _sandbox = new();

    /// <summary>Another session's driver of the same engine.</summary>
    protected abstract IVolumeDriver NewDriver(DriverEnvironment environment);

    /// <summary>Those of the sort of volume; the folder is one that a device may lie in.</summary>
    protected abstract IReadOnlyDictionary<string, string> OptionsFor(string folder);

    private VolumeDefinition Wanted => VolumeSandbox.Volume(OptionsFor(_sandbox.Devices));

    [Fact]
    public void Definition_keeps_what_was_wanted_and_changes_nothing()
    {
        var wanted = Wanted;
        var before = _sandbox.Picture();

        var defined = NewDriver().Define(wanted);
        var again = NewDriver().Define(defined);

        Assert.Equal((wanted.Id, wanted.Name, wanted.Driver), (defined.Id, defined.Name, defined.Driver));
        Assert.Equal(defined.Options, again.Options);
        Assert.Equal(before, _sandbox.Picture());
    }

    [Fact]
    public void Option_that_the_driver_does_not_know_is_refused_by_name()
    {
        var wanted = Wanted;

        var error = Assert.Throws<DriverException>(() => NewDriver().Define(wanted with
        {
            Options = new Dictionary<string, string>(wanted.Options) { ["colour"] = "blue" },
        }));

        Assert.Equal((DriverErrorKind.InvalidRequest, "options.colour"), (error.Kind, error.Field));
    }

    [Fact]
    public void Id_that_is_none_never_becomes_a_path()
    {
        var odd = new VolumeRecord { Volume = Wanted with { Id = "../../x" } };
        var driver = NewDriver();
        Action[] calls =
        [
            () => driver.Create(odd.Volume, default),
            () => driver.Remove(odd, default),
            () => (driver as IVolumeMounter)?.Mount(new() { Record = odd, UserId = _userA }, default),
            () => (driver as IVolumeMounter)?.Mount(new() { Record = new() { Volume = Wanted }, UserId = "../x" }, default),
            () => (driver as IVolumeMounter)?.Unmount(new() { Use = new() { Record = odd, UserId = _userA } }, default),
        ];
        var before = _sandbox.Picture();

        Assert.All(driver is IVolumeMounter ? calls : calls[..2], call => Assert.Throws<DriverException>(call));
        Assert.Equal(before, _sandbox.Picture());
    }

    [Fact]
    public void New_volume_is_empty_and_a_second_creation_keeps_its_files()
    {
        var created = Create();
        var path = Begin(created, _userA);
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        File.WriteAllText(Path.Combine(path, "kept"), "a");

        var again = Create();

        Assert.Equal(created.Result, again.Result);
        Assert.Equal("a", File.ReadAllText(Path.Combine(Begin(again, _userA), "kept")));
        End(created, _userA);
        Remove(created);
    }

    [Fact]
    public void All_users_see_the_same_files_until_the_last_one_leaves()
    {
        var created = Create();
        var first = Begin(created, _userA);
        File.WriteAllText(Path.Combine(first, "shared"), "a");

        var second = Begin(created, _userB);
        End(created, _userA);

        Assert.Equal(first, second);
        Assert.Equal("a", File.ReadAllText(Path.Combine(second, "shared")));
        End(created, _userB);
        Remove(created);
    }

    [Fact]
    public void User_who_asks_twice_gets_the_same_and_is_one()
    {
        var created = Create();
        var before = _sandbox.Picture();

        Assert.Equal(Begin(created, _userA), Begin(created, _userA));

        End(created, _userA);
        Assert.Equal(before, _sandbox.Picture());
        Remove(created);
    }

    [Fact]
    public void Unmount_may_come_twice_without_a_result_and_for_one_who_never_was_a_user()
    {
        var created = Create();
        var path = Begin(created, _userA);
        File.WriteAllText(Path.Combine(path, "kept"), "a");

        End(created, _userB);
        Assert.Equal("a", File.ReadAllText(Path.Combine(path, "kept")));

        End(created, _userA, isReported: false);
        End(created, _userA);
        Remove(created);
    }

    [Fact]
    public void Removal_may_come_twice_without_a_result_and_for_what_was_never_made()
    {
        var before = _sandbox.Picture();
        Remove(new() { Volume = Wanted });
        Assert.Equal(before, _sandbox.Picture());
        var created = Create();

        Remove(created with { Result = null });
        Remove(created);

        Assert.Equal(before, _sandbox.Picture());
    }

    [Fact]
    public void Removed_volume_is_empty_when_it_is_made_again()
    {
        var created = Create();
        File.WriteAllText(Path.Combine(Begin(created, _userA), "old"), "a");
        End(created, _userA);
        if (IsOfItsOwn)
        {
            Remove(created);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Begin(Create(), _userB)));
            End(created, _userB);
        }

        Remove(created);
    }

    [Fact]
    public void Sessions_at_once_end_with_nothing_mounted()
    {
        const int rounds = 50;
        var created = Create();
        var before = _sandbox.Picture();

        Parallel.For(0, 2, session =>
        {
            var driver = NewDriver();
            for (var round = 0; round < rounds; round++)
            {
                var user = $"{session:x8}{round:x56}";
                var path = Begin(created, user, driver);
                File.WriteAllText(Path.Combine(path, user), user);
                Assert.Equal(user, File.ReadAllText(Path.Combine(path, user)));
                File.Delete(Path.Combine(path, user));
                End(created, user, driver: driver);
            }
        });

        Assert.Equal(before, _sandbox.Picture());
        Remove(created);
    }

    /// <summary>Whether the files go with the volume; those of a device outlive it.</summary>
    protected virtual bool IsOfItsOwn => true;

    public void Dispose()
    {
        _sandbox.Dispose();
        GC.SuppressFinalize(this);
    }

    private IVolumeDriver NewDriver() => NewDriver(_sandbox.Environment);

    private VolumeRecord Create()
    {
        var driver = NewDriver();
        var volume = driver.Define(Wanted);
        return new() { Volume = volume, Result = driver.Create(volume, default) };
    }

    private void Remove(VolumeRecord record) => NewDriver().Remove(record, default);

    private string Begin(VolumeRecord record, string user, IVolumeDriver? driver = null) => record.Result!.Path
        ?? Assert.IsType<IVolumeMounter>(driver ?? NewDriver(), exactMatch: false)
            .Mount(new() { Record = record, UserId = user }, default).Path;

    private void End(VolumeRecord record, string user, bool isReported = true, IVolumeDriver? driver = null)
    {
        if (record.Result!.Path is null)
        {
            var mounter = Assert.IsType<IVolumeMounter>(driver ?? NewDriver(), exactMatch: false);
            var result = isReported ? new VolumeMountResult { Path = "/somewhere" } : null;
            mounter.Unmount(new() { Use = new() { Record = record, UserId = user }, Result = result }, default);
        }
    }
}
