using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Store;

public sealed class ContainerTableTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public ContainerTableTests() => _sandbox.Images.Put(Sample.Image());

    private ContainerTable Containers => _sandbox.Containers;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_plain_row_comes_back_as_it_was()
    {
        var row = Sample.Container();

        Containers.Insert(row);

        Assert.Equivalent(row, Containers.Find(row.Id), strict: true);
    }

    [Fact]
    public void A_full_row_comes_back_as_it_was()
    {
        var row = Sample.Container() with
        {
            RemoveOnExit = true,
            Status = ContainerStatus.Running,
            Boot = "3f6c1c9e",
            Started = Sample.Time.AddSeconds(1),
            Settings = FullSettings(),
        };

        Containers.Insert(row);

        var found = Containers.Find(row.Id)!;
        Assert.Equivalent(row, found, strict: true);
        Assert.Equal(DateTimeKind.Utc, found.Created.Kind);
        Assert.Equal(DateTimeKind.Utc, found.Started!.Value.Kind);
        Assert.Equal(Durability.ProcessCrash, found.Durability);
    }

    [Fact]
    public void An_end_is_kept_with_all_that_is_known_of_it()
    {
        var row = _sandbox.Add(Sample.Container());
        var ended = row with
        {
            Status = ContainerStatus.Stopped,
            Started = Sample.Time.AddSeconds(1),
            Finished = Sample.Time.AddSeconds(2),
            ExitCode = -3,
            OutOfMemory = true,
            Error = "gone",
        };

        Containers.SetStopped(ended);

        Assert.Equivalent(ended, Containers.Find(row.Id), strict: true);
    }

    [Fact]
    public void An_end_of_which_nothing_is_known_is_kept_too()
    {
        var row = _sandbox.Add(Sample.Container());

        Containers.SetStopped(row with { Status = ContainerStatus.Stopped });

        Assert.Equivalent(row with { Status = ContainerStatus.Stopped }, Containers.Find(row.Id), strict: true);
    }

    [Fact]
    public void A_start_forgets_the_last_end()
    {
        var row = _sandbox.Add(Sample.Container());
        Containers.SetStopped(row with { Finished = Sample.Time, ExitCode = 1, OutOfMemory = true, Error = "gone" });
        var other = _sandbox.Add(Sample.Container("b", "other"));

        Containers.SetRunning(row.Id, "boot", Sample.Time.AddSeconds(5));

        var expected = row with { Status = ContainerStatus.Running, Boot = "boot", Started = Sample.Time.AddSeconds(5) };
        Assert.Equivalent(expected, Containers.Find(row.Id), strict: true);
        Assert.Equivalent(other, Containers.Find(other.Id), strict: true);
    }

    [Fact]
    public void A_failed_start_says_why()
    {
        var row = _sandbox.Add(Sample.Container());

        Containers.SetError(row.Id, "mount failed");

        Assert.Equivalent(row with { Error = "mount failed" }, Containers.Find(row.Id), strict: true);
    }

    [Fact]
    public void Containers_are_listed_in_the_order_of_their_creation()
    {
        _sandbox.Add(Sample.Container("a", "late") with { Created = Sample.Time.AddTicks(1) });
        _sandbox.Add(Sample.Container("c", "early"));
        _sandbox.Add(Sample.Container("b", "early-too"));

        Assert.Equal(["early-too", "early", "late"], Containers.All().Select(row => row.Name));
        Assert.Equal(new HashSet<string> { Sample.Id("a"), Sample.Id("b"), Sample.Id("c") }, Containers.Ids());
        Assert.Equal(3, Containers.OfImage(Sample.Image().Id).Count);
        Assert.Empty(Containers.OfImage("sha256:0"));
    }

    [Fact]
    public void A_prefix_finds_at_most_as_many_as_asked_for()
    {
        foreach (var i in Enumerable.Range(0, 6))
        {
            _sandbox.Add(Sample.Container($"ab{i}", $"web-{i}"));
        }

        Assert.Equal(4, Containers.FindByPrefix("ab", 4).Count);
        Assert.Equal("web-3", Assert.Single(Containers.FindByPrefix("ab3", 4)).Name);
    }

    [Fact]
    public void A_name_is_given_once()
    {
        _sandbox.Add(Sample.Container("a", "web"));

        Assert.Equal(InsertOutcome.NameInUse, Containers.Insert(Sample.Container("b", "web")));
        Assert.Equal(InsertOutcome.Inserted, Containers.Insert(Sample.Container("c", "Web")));
    }

    [Fact]
    public void A_name_is_free_again_when_its_container_is_gone()
    {
        var row = _sandbox.Add(Sample.Container("a", "web"));

        Containers.Delete(row);

        Assert.Null(Containers.FindByName("web"));
        Assert.Equal(InsertOutcome.Inserted, Containers.Insert(Sample.Container("b", "web")));
    }

    [Fact]
    public void Of_several_sessions_that_want_a_name_at_once_one_gets_it()
    {
        var outcomes = new InsertOutcome[8];

        AtOnce.Run(outcomes.Length, number =>
        {
            using var database = _sandbox.OpenDatabase();
            outcomes[number] = new ContainerTable(database).Insert(Sample.Container($"{number:x4}", "web"));
        });

        Assert.Equal(1, outcomes.Count(outcome => outcome == InsertOutcome.Inserted));
        Assert.Equal(7, outcomes.Count(outcome => outcome == InsertOutcome.NameInUse));
        Assert.Single(Containers.All());
    }

    [Fact]
    public void A_container_needs_an_image()
    {
        Assert.Equal(InsertOutcome.ImageGone, Containers.Insert(Sample.Container() with { ImageId = Sample.Image("other").Id }));
        Assert.Empty(Containers.All());
    }

    private static ContainerSettings FullSettings() => new()
    {
        Arguments = ["sh", "", "a b", "\u00fc\"'\\"],
        Environment = ["A=1", "B="],
        User = "www:www",
        WorkingDirectory = "/srv",
        Hostname = "host",
        Network = NetworkMode.Host,
        Memory = long.MaxValue / 2,
        Cpus = 0.25,
        PidsLimit = -1,
        ReadOnly = true,
        Labels = new Dictionary<string, string> { ["a.b"] = "c", [""] = "" },
        StopSignal = 37,
    };
}
