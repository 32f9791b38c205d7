using System.Diagnostics;
using System.Reflection;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>A resolver that was started with standard output as a pipe.</summary>
internal sealed class ResolverProcess : IDisposable
{
    private readonly Process _process;

    internal ResolverProcess(params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(Executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var reading = _process.StandardOutput.ReadToEndAsync();
        Assert.True(reading.Wait(TimeSpan.FromSeconds(10)), "the resolver kept standard output open");
        Assert.EndsWith("\n", reading.Result, StringComparison.Ordinal);
        Line = reading.Result[..^1];
    }

    /// <summary>The program that ./psc built; PSC_TEST_RESOLVER names another one.</summary>
    internal static string Executable { get; } = Environment.GetEnvironmentVariable("PSC_TEST_RESOLVER") ?? Path.Join(
        typeof(ResolverProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value,
        "module/bin/plugins/Bridge/psc-resolver");

    /// <summary>All that it said.</summary>
    internal string Line { get; }

    internal int Id => _process.Id;

    internal bool HasEnded => _process.HasExited;

    /// <summary>Waits for the end.</summary>
    internal int Wait(int milliseconds = 5000)
    {
        Assert.True(_process.WaitForExit(milliseconds), $"the resolver did not end within {milliseconds} ms");
        return _process.ExitCode;
    }

    internal void Kill()
    {
        _process.Kill();
        Wait();
    }

    public void Dispose()
    {
        if (!_process.WaitForExit(2000))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
