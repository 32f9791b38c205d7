using System.Text;
using Microsoft.Win32.SafeHandles;
using PsContainers.Kernel.Tests.Harness;
using BareKernel = PsContainers.Linux.Bare.Kernel;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>A terminal's master, read all the time, as a terminal program would.</summary>
internal sealed class TestTerminal : IDisposable
{
    private readonly FileStream _master;
    private readonly StringBuilder _text = new();
    private readonly Thread _reader;

    public TestTerminal(int master)
    {
        Master = master;
        _master = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0, isAsync: false);
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public int Master { get; }

    /// <summary>All that came, line ends as the terminal makes them.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public void Write(string text) => _master.Write(Encoding.UTF8.GetBytes(text));

    public void Resize(ushort rows, ushort columns) =>
        Assert.Equal(0, BareKernel.SetWindowSize(Master, new BareKernel.WindowSize { Rows = rows, Columns = columns }));

    /// <summary>Waits until something stands in the text.</summary>
    public void WaitFor(string wanted)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(20);
        while (!Text.Contains(wanted, StringComparison.Ordinal))
        {
            Assert.True(DateTime.UtcNow < end, $"the terminal did not show '{wanted}' but:\n{Text}");
            Thread.Sleep(5);
        }
    }

    /// <summary>Waits until nobody has the other end open, and gives all that came.</summary>
    public string ToEnd()
    {
        Assert.True(_reader.Join(TimeSpan.FromSeconds(20)), $"the terminal has no end:\n{Text}");
        return Text.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    public void Dispose() => _master.Dispose();

    private void Read()
    {
        var buffer = new byte[4096];
        try
        {
            int length;
            while ((length = _master.Read(buffer)) > 0)
            {
                lock (_text)
                {
                    _text.Append(Encoding.UTF8.GetString(buffer, 0, length));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // EIO: the last one who had the other end open closed it.
        }
    }
}

/// <summary>A console socket: what a runtime sends a terminal's master to.</summary>
internal sealed class ConsoleListener : IDisposable
{
    private readonly System.Net.Sockets.Socket _listener = new(
        System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);

    public ConsoleListener(string path)
    {
        Path = path;
        _listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    public string Path { get; }

    /// <summary>The terminal that was sent.</summary>
    public unsafe TestTerminal Accept()
    {
        Assert.True(_listener.Poll(TimeSpan.FromSeconds(20), System.Net.Sockets.SelectMode.SelectRead), "no terminal came");
        using var connection = _listener.Accept();
        connection.Blocking = true;
        var name = stackalloc byte[64];
        Assert.True(BareKernel.ReceiveDescriptor((int)connection.Handle, name, 64, out var master) > 0);
        Assert.True(master >= 0, "no descriptor came");
        return new TestTerminal(master);
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>A command with a terminal of the test's own as its controlling one.</summary>
internal sealed unsafe class TerminalCommand : IDisposable
{
    private readonly int _slave;
    private readonly System.Diagnostics.Process _process;

    public TerminalCommand(params string[] words)
    {
        var master = BareKernel.Open(
            BareKernel.AtFdCwd, BareKernel.Literal("/dev/ptmx"u8), BareKernel.O_RDWR | BareKernel.O_NOCTTY | BareKernel.O_CLOEXEC);
        Assert.True(master >= 0 && BareKernel.UnlockTerminal(master) == 0);
        _slave = BareKernel.OpenSlave(master);
        Terminal = new TestTerminal(master);
        Terminal.Resize(33, 77);
        var path = $"/dev/pts/{BareKernel.TerminalNumber(master)}";
        _process = HostCommand.Start(
            "/bin/sh", ["-c", $"exec /usr/bin/setsid --ctty --wait \"$@\" <{path} >{path} 2>&1", "sh", .. words]);
    }

    public TestTerminal Terminal { get; }

    /// <summary>Input, output and local modes as they are now.</summary>
    public (uint Input, uint Output, uint Local) Modes
    {
        get
        {
            Assert.Equal(0, BareKernel.GetTerminalSettings(_slave, out var settings));
            return (settings.Input, settings.Output, settings.Local);
        }
    }

    public int Finish() => HostCommand.Finish(_process).ExitCode;

    public void Dispose()
    {
        _process.Dispose();
        BareKernel.Close(_slave);
        Terminal.Dispose();
    }
}
