using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace PsContainers.Plugins.Tests;

/// <summary>Runs this program again, as another session that uses a driver and then waits to be killed.</summary>
internal sealed class SecondSession : IDisposable
{
    private const string FolderVariable = "PSC_TEST_SECOND_SESSION";
    private const string DriverVariable = "PSC_TEST_SECOND_SESSION_DRIVER";

    private readonly Process _process;
    private readonly string _answer;

    private SecondSession(Process process, string answer)
    {
        _process = process;
        _answer = answer;
    }

    internal static SecondSession Start(PluginSandbox sandbox, string driver)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(SecondSession).Assembly.GetName().Name!);
        var process = Process.Start(new ProcessStartInfo(program)
        {
            Environment = { [FolderVariable] = sandbox.Root, [DriverVariable] = driver },
        })!;
        return new SecondSession(process, AnswerIn(sandbox.Root));
    }

    // Before the test framework's own entry point: a second process is a session, not a test run.
    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } root)
        {
            return;
        }

        var paths = new PluginPaths([Path.Combine(root, "first")], Path.Combine(root, "state"), Path.Combine(root, "run"));
        var driver = new PluginHost(paths).NetworkDriver(Environment.GetEnvironmentVariable(DriverVariable)!);
        driver.Define(Sample.Network(), []);
        File.WriteAllLines(
            Path.Combine(root, "loaded"), AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!));
        File.WriteAllText(AnswerIn(root) + ".new", driver.ProcessId!.Value.ToString(CultureInfo.InvariantCulture));
        File.Move(AnswerIn(root) + ".new", AnswerIn(root));
        Thread.Sleep(TimeSpan.FromMinutes(1));
        Environment.Exit(1);
    }

    /// <summary>The process of the session's plugin.</summary>
    internal int AwaitPlugin()
    {
        for (var i = 0; i < 1000 && !_process.HasExited; i++)
        {
            if (File.Exists(_answer))
            {
                return int.Parse(File.ReadAllText(_answer), CultureInfo.InvariantCulture);
            }

            Thread.Sleep(10);
        }

        throw new InvalidOperationException("the session did not get as far as its plugin");
    }

    /// <summary>SIGKILL: nothing in it can clean up.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static string AnswerIn(string root) => Path.Combine(root, "plugin-process");
}
