using System.Diagnostics;
using PsContainers.Linux.DBus;

namespace PsContainers.Linux.Tests.DBus;

/// <summary>A conversation with a real message bus, which a test starts for itself.</summary>
public sealed class BusConnectionTests : IDisposable
{
    private const string Bus = "org.freedesktop.DBus";
    private const string Program = "/usr/bin/dbus-daemon";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psc-bus-");
    private readonly Process? _bus;

    public BusConnectionTests()
    {
        Assert.SkipUnless(File.Exists(Program), $"needs {Program} (Debian package dbus)");
        _bus = Process.Start(new ProcessStartInfo(Program, ["--session", $"--address=unix:path={Socket}", "--nofork", "--print-address"])
        {
            RedirectStandardOutput = true,
        });

        // It listens when it has said where.
        Assert.NotNull(_bus!.StandardOutput.ReadLine());
    }

    private string Socket => Path.Join(_folder.FullName, "bus");

    public void Dispose()
    {
        _bus?.Kill();
        _bus?.WaitForExit();
        _bus?.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Call_is_answered()
    {
        using var bus = BusConnection.ToBus(Socket, _patience);

        var answer = bus.Call(Call("NameHasOwner", "s", new BusWriter().Text(Bus)));

        Assert.Equal("b", answer.Signature);
        Assert.Equal(1u, new BusReader(answer.Body.Span).UInt32());
    }

    [Fact]
    public void Answer_longer_than_a_socket_takes_at_once_is_read_whole()
    {
        using var bus = BusConnection.ToBus(Socket, _patience);
        var name = $"org.example.{new string('x', 200)}";
        for (var i = 0; i < 300; i++)
        {
            bus.Call(Call("RequestName", "su", new BusWriter().Text($"{name}{i}").UInt32(0)));
        }

        Assert.InRange(bus.Call(Call("ListNames")).Body.Length, 300 * 200, int.MaxValue);
    }

    [Fact]
    public void Error_has_its_name_and_words()
    {
        using var bus = BusConnection.ToBus(Socket, _patience);

        var error = Assert.Throws<BusException>(() => bus.Call(Call("NoSuchMethod")));

        Assert.Equal("org.freedesktop.DBus.Error.UnknownMethod", error.Error);
        Assert.Contains("NoSuchMethod", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signal_that_came_before_an_answer_is_kept()
    {
        using var bus = BusConnection.ToBus(Socket, _patience);
        bus.Match($"type='signal',sender='{Bus}',member='NameOwnerChanged',arg0='org.example.one'");
        bus.Call(Call("RequestName", "su", new BusWriter().Text("org.example.one").UInt32(0)));
        bus.Call(Call("GetId"));

        var signal = bus.AwaitSignal(message => message.Member == "NameOwnerChanged", "no signal came");

        Assert.Equal("org.example.one", new BusReader(signal.Body.Span).Text());
    }

    [Fact]
    public void Signal_that_does_not_come_is_not_waited_for_without_end()
    {
        using var bus = BusConnection.ToBus(Socket, TimeSpan.FromSeconds(1));

        var error = Assert.Throws<BusException>(() => bus.AwaitSignal(_ => false, "no signal came"));

        Assert.Equal("no signal came within 1 seconds", error.Message);
    }

    [Fact]
    public void End_of_the_bus_is_told()
    {
        using var bus = BusConnection.ToBus(Socket, _patience);
        _bus!.Kill();
        _bus.WaitForExit();

        Assert.ThrowsAny<IOException>(() => bus.Call(Call("GetId")));
    }

    [Fact]
    public void Socket_that_nobody_listens_on_is_named()
    {
        var error = Assert.Throws<LinuxException>(() => BusConnection.ToBus($"{Socket}-none", _patience));

        Assert.Equal(Errno.ENOENT, error.Errno);
        Assert.Contains($"{Socket}-none", error.Message, StringComparison.Ordinal);
    }

    private static BusCall Call(string method, string signature = "", BusWriter? body = null) =>
        new(Bus, "/org/freedesktop/DBus", Bus, method, signature, body);
}
