using System.Diagnostics;

namespace PsContainers.Cmdlets.Tests;

/// <summary>psc in a real terminal: a tmux server of its own, for the time of a test.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly string _directory = Directory.CreateTempSubdirectory("psc-tmux-").FullName;

    public Terminal(string? state = null, string? root = null, string? run = null)
    {
        State = state ?? Path.Combine(_directory, "state");
        var store = $"PSCONTAINERS_ROOT={root ?? _directory + "/root"} PSCONTAINERS_RUN={run ?? _directory + "/run"}";
        var command = $"env XDG_STATE_HOME={State} {store} {Repository.Shell}; echo ended with $?; cat";
        Tmux("new-session", "-d", "-x", "100", "-y", "30", "-c", "/", command);
        WaitFor("PS />");
    }

    public static bool IsAvailable => File.Exists("/usr/bin/tmux");

    public string State { get; }

    public string History => Path.Combine(State, "pscontainers", "history");

    /// <summary>Types text, letter by letter.</summary>
    public void Type(string text) => Tmux("send-keys", "-l", text);

    /// <summary>Presses keys by tmux' names: Enter, Tab, Up, C-c.</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", .. keys]);

    public void Enter(string text)
    {
        Type(text);
        Press("Enter");
    }

    public string Screen() => Tmux("capture-pane", "-p");

    public void WaitFor(string text)
    {
        var watch = Stopwatch.StartNew();
        while (!Screen().Contains(text, StringComparison.Ordinal))
        {
            Assert.True(watch.Elapsed < _patience, $"'{text}' does not appear on the screen:\n{Screen()}");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        Tmux("kill-server");
        Directory.Delete(_directory, recursive: true);
    }

    private string Tmux(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-S", Path.Combine(_directory, "tmux"), "-f", "/dev/null", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
