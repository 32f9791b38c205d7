using System.Diagnostics;
using System.Net;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>dnsmasq(8), which knows what it is told on its command line.</summary>
internal sealed class Dnsmasq : IDisposable
{
    private readonly Process _process;
    private readonly int _port = NetworkDirectory.FreePort();

    internal Dnsmasq(params string[] options)
    {
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/dnsmasq",
        [
            "--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--user=root", "--pid-file",
            "--listen-address=127.0.0.1", "--bind-interfaces", $"--port={_port}", .. options,
        ]))!;
        Eventually.Is(() => CanConnect());
    }

    internal string Line => $"127.0.0.1 {_port}\n";

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private bool CanConnect()
    {
        Assert.False(_process.HasExited, "dnsmasq has ended");
        try
        {
            using var socket = new DnsClient(new IPEndPoint(IPAddress.Loopback, _port)).ConnectStream();
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
