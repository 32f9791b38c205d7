using System.Diagnostics;

namespace PsContainers.Benchmarks;

/// <summary>A psc process that stays, and does on request what a user would type at its prompt.</summary>
internal sealed class WarmSession : IDisposable
{
    private readonly Process _process;

    public WarmSession()
    {
        var script = Path.Join(AppContext.BaseDirectory, "session.ps1");
        _process = Process.Start(new ProcessStartInfo(Workspace.Shell, ["-NonInteractive", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public void Do(string request)
    {
        _process.StandardInput.Write(request + "\n");
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine();
        if (answer is not ("done 0" or "done "))
        {
            throw new InvalidOperationException($"psc answered '{answer}' to {request}");
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
