using System.Diagnostics;
using System.Globalization;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Lifetime;

public sealed class LifetimeTests : IDisposable
{
    private readonly NetworkDirectory _network = new("10.1.0.2 web\n");

    public void Dispose() => _network.Dispose();

    [Fact]
    public void It_says_that_it_listens_when_it_does()
    {
        var process = _network.StartReady();

        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web").Answers);
        Assert.Equal($"{process.Id}\n", File.ReadAllText(_network.PidFile));
        Assert.Equal(["listen", "lock", "log", "names", "pid"], Files());
    }

    [Fact]
    public async Task It_holds_nothing_of_its_starters()
    {
        // A pipe that came along as 9, and would keep the shell's reader waiting.
        var command = $"'{ResolverProcess.Executable}' '{_network.Path}' 9>&1 >/dev/null &";
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;

        await shell.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(5));

        Eventually.Is(() => File.Exists(_network.PidFile));
        var pid = int.Parse(File.ReadAllText(_network.PidFile), CultureInfo.InvariantCulture);
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ');
        Assert.Equal(pid.ToString(CultureInfo.InvariantCulture), fields[3]); // its session
        Eventually.Is(() => Directory.ResolveLinkTarget($"/proc/{pid}/cwd", false)!.FullName == "/");
        Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{pid}/fd/0", false)!.FullName);
        Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{pid}/fd/1", false)!.FullName);
        Assert.Equal(Path.Join(_network.Path, "log"), File.ResolveLinkTarget($"/proc/{pid}/fd/2", false)!.FullName);
        _network.Write("names", "");
        Eventually.Is(() => !File.Exists(_network.PidFile));
    }

    [Fact]
    public void It_ends_with_the_last_name()
    {
        var process = _network.StartReady();

        _network.Write("names", "");

        Assert.Equal(0, process.Wait(1000));
        Assert.Equal(["listen", "lock", "log", "names", "names.lock"], Files());
    }

    [Fact]
    public void It_ends_when_its_names_are_gone()
    {
        var process = _network.StartReady();

        File.Delete(Path.Join(_network.Path, "names"));

        Assert.Equal(0, process.Wait(1000));
        Assert.False(File.Exists(_network.PidFile));
    }

    [Fact]
    public void It_ends_when_its_directory_is_gone()
    {
        var process = _network.StartReady();

        _network.Delete();

        Assert.Equal(0, process.Wait(1000));
        Assert.False(Directory.Exists(_network.Path));
    }

    [Fact]
    public void A_directory_that_comes_anew_has_a_resolver_of_its_own()
    {
        var first = _network.StartReady();

        _network.Delete();
        Directory.CreateDirectory(_network.Path);
        _network.Write("listen", $"127.0.0.1 {_network.Port}\n");
        first.Wait(1000);
        _network.ChangeNames("10.1.0.5 web\n");

        Assert.Equal(["10.1.0.5"], _network.Client.Ask("web").Answers);
    }

    [Fact]
    public void While_names_are_being_changed_it_does_not_end()
    {
        var process = _network.StartReady();

        using (_network.LockNames())
        {
            _network.Write("names", "");
            Thread.Sleep(300);
            Assert.False(process.HasEnded);
            Assert.Equal(3, _network.Client.Ask("web").Code);
            _network.Write("names", "10.1.0.7 web\n");
        }

        Thread.Sleep(200);
        Assert.False(process.HasEnded);
        Assert.Equal(["10.1.0.7"], _network.Client.Ask("web").Answers);
    }

    // To wait for the lock must not be to spin: the file that is opened for it is in the directory that is watched.
    [Fact]
    public void Waiting_for_the_end_costs_next_to_nothing()
    {
        var process = _network.StartReady();

        using (_network.LockNames())
        {
            _network.Write("names", "");
            var before = SwitchesOf(process.Id);
            Thread.Sleep(500);
            Assert.InRange(SwitchesOf(process.Id) - before, 1, 40);
        }

        process.Wait(1000);
    }

    [Fact]
    public void A_name_that_comes_at_the_last_moment_finds_a_resolver()
    {
        _network.StartReady();

        for (var i = 0; i < 100; i++)
        {
            _network.Write("names", ""); // without the lock: the worst of drivers
            if (i % 3 > 0)
            {
                Thread.Sleep(i % 7);
            }

            var process = _network.ChangeNames($"10.1.0.{i + 1} web\n");

            Assert.Equal("ready", process.Line);
            Assert.Equal([$"10.1.0.{i + 1}"], _network.Client.Ask("web").Answers);
        }
    }

    // strace(1) holds the resolver on its way into flock(2), when it has seen that there are no names: the driver is quicker then.
    [Fact]
    public void A_name_that_comes_before_the_lock_is_had_is_not_lost()
    {
        var process = _network.StartReady();
        using var strace = Process.Start(new ProcessStartInfo(
            "strace", ["-p", $"{process.Id}", "-f", "-e", "trace=flock", "-e", "inject=flock:delay_enter=500000:when=1"])
        {
            RedirectStandardError = true,
        })!;
        Assert.Contains("attached", strace.StandardError.ReadLine(), StringComparison.Ordinal);

        _network.Write("names", "");
        Thread.Sleep(100);
        var second = _network.ChangeNames("10.1.0.9 web\n");

        Assert.Equal(0, second.Wait(1000)); // since the first one has the lock
        Assert.Contains("flock(", strace.StandardError.ReadLine(), StringComparison.Ordinal);
        Thread.Sleep(200);
        Assert.False(process.HasEnded);
        Assert.Equal(["10.1.0.9"], _network.Client.Ask("web").Answers);
        strace.Kill();
        strace.WaitForExit();
    }

    [Fact]
    public void A_second_one_ends_at_once()
    {
        var first = _network.StartReady();

        var second = _network.StartReady();

        Assert.Equal(0, second.Wait(1000));
        Assert.False(first.HasEnded);
        Assert.Equal($"{first.Id}\n", File.ReadAllText(_network.PidFile));
    }

    [Fact]
    public void Of_several_that_start_at_once_one_serves()
    {
        for (var i = 0; i < 10; i++)
        {
            var processes = Enumerable.Range(0, 6).AsParallel().WithDegreeOfParallelism(6)
                .Select(_ => new ResolverProcess(_network.Path)).ToList();

            Assert.All(processes, process => Assert.Equal("ready", process.Line));
            Assert.Equal(["10.1.0.2"], _network.Client.Ask("web").Answers);
            var serving = int.Parse(File.ReadAllText(_network.PidFile), CultureInfo.InvariantCulture);
            Assert.All(processes.Where(process => process.Id != serving), process => Assert.Equal(0, process.Wait(1000)));
            var last = Assert.Single(processes, process => process.Id == serving);
            Assert.False(last.HasEnded);
            _network.Write("names", "");
            last.Wait(1000);
            _network.Write("names", "10.1.0.2 web\n");
            processes.ForEach(process => process.Dispose());
        }
    }

    [Fact]
    public void After_one_that_was_killed_another_starts()
    {
        var killed = _network.StartReady();
        killed.Kill();
        Assert.True(File.Exists(_network.PidFile));

        var process = _network.StartReady();

        Assert.Equal($"{process.Id}\n", File.ReadAllText(_network.PidFile));
        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web").Answers);
        Assert.Equal(["10.1.0.2"], _network.Client.AskByStream("web").Answers);
    }

    [Fact]
    public void One_that_has_the_lock_and_does_not_listen_is_told_of()
    {
        using var holder = Linux.LockFile.Open(Path.Join(_network.Path, "lock"));
        Assert.True(holder.TryLock(isShared: false));

        var process = _network.Start();

        Assert.Equal($"error another process holds {_network.Path}/lock and does not listen", process.Line);
        Assert.Equal(1, process.Wait());
    }

    [Fact]
    public void An_address_that_is_taken_is_an_error_and_leaves_nothing()
    {
        using var taken = new FakeUpstream(_ => []);
        _network.Write("listen", $"127.0.0.1 {_network.Port}\n{taken.Line}");
        _network.Write("pid", "999999999\n"); // of one that was killed

        var process = _network.Start();

        Assert.Equal($"error bind(127.0.0.1 port {taken.Port}, udp): Address already in use (EADDRINUSE)", process.Line);
        Assert.Equal(1, process.Wait());
        Assert.Equal(["listen", "lock", "names"], Files());
    }

    [Fact]
    public void Without_an_address_to_listen_on_there_is_nothing_to_serve()
    {
        _network.Write("listen", "# nothing\n");

        var process = _network.Start();

        Assert.Equal($"error no address to listen on in {_network.Path}/listen", process.Line);
        Assert.Equal(1, process.Wait());
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error()
    {
        using var process = new ResolverProcess("/nonexistent/network");
        using var bare = new ResolverProcess();

        Assert.Equal("error open(/nonexistent/network): No such file or directory (ENOENT)", process.Line);
        Assert.Equal("error usage: psc-resolver DIRECTORY", bare.Line);
        Assert.Equal(1, process.Wait());
        Assert.Equal(1, bare.Wait());
    }

    [Fact]
    public void A_log_that_earlier_ones_filled_is_emptied()
    {
        File.WriteAllText(Path.Join(_network.Path, "log"), new string('x', 100_000));

        _network.StartReady();

        Eventually.Is(() => new FileInfo(Path.Join(_network.Path, "log")).Length == 0);
    }

    private static long SwitchesOf(int pid) => File.ReadLines($"/proc/{pid}/status")
        .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture));

    private IEnumerable<string> Files() =>
        Directory.GetFiles(_network.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
