using System.Globalization;
using System.Text.RegularExpressions;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Kernel.Tests.Security;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>
/// A shell is killed at many of the system calls by which it changes the store. Whatever had been said to be done is there, nothing is
/// half there, the same command then succeeds, and what the killed one left is collected.
/// </summary>
[Trait("Needs", OnlyOnHost)]
public sealed partial class KilledStoreTests(TestHost host, SampleStore sample) : KernelTest(host), IClassFixture<SampleStore>
{
    private const string Strace = "/usr/bin/strace";
    private const string Done = "all is done";

    // Of those that write, every one is like the next.
    private const string Writing = "pwrite64,pwritev,write";

    // What changes names and what waits for the disk; and exit_group, at which all is done and said.
    private const string Changing =
        "mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlinkat,unlink,unlinkat,rmdir,fsync,fdatasync,syncfs,ftruncate,fallocate,"
        + "fchmod,chmod,fchmodat,fchownat,lchown,utimensat,flock,exit_group";

    /// <param name="Download">The file that the call is about; then its number is that among those about the file.</param>
    private readonly record struct Moment(SystemCallTrace.Entry Entry, string? Download);

    [Theory]
    [InlineData("Receive", 10)]
    [InlineData("Publish", 6)]
    [InlineData("Import", 10)]
    [InlineData("Convert", 10)]
    [InlineData("Remove", 10)]
    [InlineData("Clear", 10)]
    [InlineData("Export", 6)]
    [InlineData("ExportFolder", 8)]
    public void Killed_command_loses_nothing_and_leaves_nothing_that_is_not_collected(string name, int moments)
    {
        Assert.SkipUnless(File.Exists(Strace), "needs /usr/bin/strace (Debian package strace)");
        var operation = StoreOperation.Of(name);
        Assert.SkipUnless(!operation.NeedsRegistry || sample.Registry.Host.Length > 0, "needs docker-registry");
        var calls = Trace(operation);
        var chosen = Choose(calls, moments).ToList();

        var killed = 0;
        Parallel.ForEach(
            chosen,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            moment => Interlocked.Add(ref killed, KillAt(operation, moment) ? 1 : 0));

        Assert.True(killed >= chosen.Count * 2 / 3, $"{killed} of {chosen.Count} were killed");
    }

    // The calls of a whole run that change something in the store or where it writes to.
    private List<SystemCallTrace.Entry> Trace(StoreOperation operation)
    {
        using var copy = sample.Copy(operation);
        var trace = Path.Join(copy.Paths.Root, "..", "trace");
        var result = HostCommand.Finish(copy.Start(
            Script(operation, copy), Strace, "-f", "-y", "--seccomp-bpf", "-o", trace, "-e", $"trace={Changing},{Writing}"));
        Assert.EndsWith(Done, result.Text(), StringComparison.Ordinal);
        var folder = Path.GetDirectoryName(copy.Paths.Root)!;
        return
        [
            .. SystemCallTrace.Read(trace)
                .Where(entry => entry.Text.Contains(folder, StringComparison.Ordinal) || entry.Call == "exit_group"),
        ];
    }

    // Evenly over the time, a third of them among the calls that write. Downloads run on threads of their own, whose calls only the file
    // tells from others: some more of these.
    private static IEnumerable<Moment> Choose(List<SystemCallTrace.Entry> calls, int count)
    {
        var downloading = calls.Where(entry => Download().IsMatch(entry.Text))
            .Select(entry => new Moment(entry with { Number = 1 }, Download().Match(entry.Text).Groups[1].Value))
            .DistinctBy(moment => (moment.Entry.Call, moment.Download)).ToList();
        var kinds = calls.DistinctBy(entry => (entry.Call, entry.Number)).ToLookup(entry => Writing.Split(',').Contains(entry.Call));
        return Spread([.. kinds[false]], count - (count / 3)).Concat(Spread([.. kinds[true]], count / 3))
            .Select(entry => new Moment(entry, null))
            .Concat(Spread(downloading, Math.Min(downloading.Count, count / 2)));
    }

    private static IEnumerable<T> Spread<T>(List<T> calls, int count) =>
        Enumerable.Range(1, count).Select(i => calls[Math.Max(0, (calls.Count * i / count) - 1)]).Distinct();

    private bool KillAt(StoreOperation operation, Moment moment)
    {
        using var copy = sample.Copy(operation);
        var (call, number) = (moment.Entry.Call, moment.Entry.Number.ToString(CultureInfo.InvariantCulture));
        var result = HostCommand.Finish(copy.Start(
            Script(operation, copy),
            [
                Strace, "-f", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={number}",
                .. moment.Download is { } file ? ["-P", Path.Join(copy.Paths.Downloads, file)] : Array.Empty<string>(),
            ]));
        try
        {
            AssertAllIsWell(operation, copy, result);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"killed at {moment.Entry.Text}: {e.Message}", e);
        }

        return result.ExitCode != 0;
    }

    private static void AssertAllIsWell(StoreOperation operation, StoreCopy copy, HostCommandResult result)
    {
        using (var services = copy.Open())
        {
            Assert.Equal("", result.Error);
            var isDone = operation.IsDone(copy, services);
            Assert.True(isDone || !result.Output.Contains(Done, StringComparison.Ordinal), "it was done, and is not");
            StoreCopy.AssertWhole(services, operation.Removes ? [SampleStore.Kept] : [SampleStore.Kept, SampleStore.Second]);
            if (!operation.Removes || !isDone)
            {
                operation.Execute(copy, services);
            }

            Assert.True(operation.IsDone(copy, services), "the same again does not succeed");
            StoreCopy.AssertWhole(services, SampleStore.Kept);
        }

        copy.AssertNothingLeft(operation.IsExport ? [Path.GetFileName(copy.Target)] : []);
    }

    [GeneratedRegex(@"/downloads/([^"">]+)")]
    private static partial Regex Download();

    private static string Script(StoreOperation operation, StoreCopy copy) => $"$null = {operation.CommandOn(copy)}; '{Done}'";
}
