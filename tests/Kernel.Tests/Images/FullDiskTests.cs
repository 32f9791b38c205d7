using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>
/// The store's disk has no room, or no inode, for all that a command writes, and lacks it at ever another place: it is one error that
/// says what could not be done and why, nothing half done stays, and the same again succeeds when there is room.
/// </summary>
[Trait("Needs", OnlyOnHost)]
public sealed class FullDiskTests(TestHost host, SampleStore sample) : KernelTest(host), IClassFixture<SampleStore>
{
    private const string Cause = "No space left on device";

    [Theory]
    [InlineData("Receive", 6)]
    [InlineData("Publish", 2)]
    [InlineData("Import", 6)]
    [InlineData("Convert", 6)]
    [InlineData("Remove", 0)]
    [InlineData("Clear", 0)]
    [InlineData("Export", 3)]
    [InlineData("ExportFolder", 3)]
    public void Command_that_finds_no_room_says_so_and_leaves_all_as_it_was(string name, int atLeast)
    {
        var operation = StoreOperation.Of(name);
        Assert.SkipUnless(!operation.NeedsRegistry || sample.Registry.Host.Length > 0, "needs docker-registry");
        var (pages, inodes) = Need(operation);

        var failed = Pages(pages).Count(free => Fails(operation, disk => disk.LeavePages(free), $"{free} of {pages} pages"))
            + Spread(inodes, 4).Count(free => Fails(operation, disk => disk.LeaveInodes(free), $"{free} of {inodes} inodes"));

        // What makes room needs none.
        Assert.True(
            operation.Removes ? failed == 0 : failed >= atLeast,
            $"{failed} times there was too little of {pages} pages and {inodes} inodes");
    }

    [Fact]
    public void Store_that_finds_no_room_says_so_and_is_made_when_there_is()
    {
        using var disk = new SmallDisk(Path.Join(Host.Scratch, "new"));
        var paths = new EnginePaths(Path.Join(disk.Folder, "root"), $"/run/psc-new-{Guid.NewGuid():n}");
        var failures = 0;
        for (var free = 0; free < 40; free++)
        {
            disk.LeavePages(free);
            try
            {
                ContainerServices.Open(paths, Repository.Launcher).Dispose();
            }
            catch (ContainerEngineException e)
            {
                failures++;
                Assert.Contains(paths.Root, e.Message, StringComparison.Ordinal);
                Assert.Contains(Cause, e.Message, StringComparison.Ordinal);
            }

            disk.Enlarge();
            using (var services = ContainerServices.Open(paths, Repository.Launcher))
            {
                Assert.Empty(services.CheckStorage.Execute());
            }

            Directory.Delete(paths.Root, recursive: true);
        }

        Directory.Delete(paths.Run, recursive: true);
        Assert.True(failures > 10, $"{failures} failed");
    }

    // What the disk has more of after the operation.
    private (long Pages, long Inodes) Need(StoreOperation operation)
    {
        using var disk = new SmallDisk(Path.Join(Host.Scratch, "full"));
        using var copy = Copy(operation, disk);
        var before = disk.Used;
        Do(operation, copy);
        return (disk.Used.Pages - before.Pages, disk.Used.Inodes - before.Inodes);
    }

    // From nothing at all to one too few, where the records are written.
    private static IEnumerable<long> Pages(long need) =>
        Spread(need, 6).Concat([0, 1, 2, 4, need - 1, need - 2, need - 4, need - 8, need - 16]).Where(pages => pages >= 0).Distinct();

    private static IEnumerable<long> Spread(long need, int count) =>
        Enumerable.Range(0, count).Select(i => need * i / count).Where(part => part >= 0).Distinct();

    private bool Fails(StoreOperation operation, Action<SmallDisk> shrink, string room)
    {
        using var disk = new SmallDisk(Path.Join(Host.Scratch, "full"));
        using var copy = Copy(operation, disk);
        shrink(disk);
        try
        {
            var error = Error(operation, copy);
            disk.Enlarge();
            AssertAllIsWell(operation, copy, error);
            return error is not null;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"with {room}: {e.Message}", e);
        }
    }

    private static ContainerEngineException? Error(StoreOperation operation, StoreCopy copy)
    {
        try
        {
            Do(operation, copy);
            return null;
        }
        catch (ContainerEngineException e)
        {
            return e;
        }
    }

    private static void Do(StoreOperation operation, StoreCopy copy)
    {
        using var services = copy.Open();
        operation.Execute(copy, services);
    }

    private static void AssertAllIsWell(StoreOperation operation, StoreCopy copy, ContainerEngineException? error)
    {
        if (error is not null)
        {
            Assert.Contains(Cause, error.Message, StringComparison.Ordinal);
            Assert.True(
                error.Message.Contains(operation.Subject(copy), StringComparison.Ordinal)
                || error.Message.Contains(copy.Paths.Root, StringComparison.Ordinal),
                error.Message);
            Assert.Empty(Directory.EnumerateFileSystemEntries(copy.Paths.Ingest));
        }

        using (var services = copy.Open())
        {
            StoreCopy.AssertWhole(services, operation.Removes ? [SampleStore.Kept] : [SampleStore.Kept, SampleStore.Second]);
            if (error is not null)
            {
                Assert.False(operation.IsExport && operation.IsDone(copy, services), "a failed export left something");
                operation.Execute(copy, services);
            }

            Assert.True(operation.IsDone(copy, services), "it is not done");
            StoreCopy.AssertWhole(services, SampleStore.Kept);
        }

        copy.AssertNothingLeft(operation.IsExport ? [Path.GetFileName(copy.Target)] : []);
    }

    private StoreCopy Copy(StoreOperation operation, SmallDisk disk) =>
        sample.CopyTo(Directory.CreateDirectory(Path.Join(disk.Folder, "copy")).FullName, operation);
}
