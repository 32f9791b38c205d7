using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests;

/// <summary>Runs this program again, as another session that works on a test's store.</summary>
internal static class SecondProcess
{
    private const string FolderVariable = "PSC_TEST_SECOND_PROCESS";
    private const string NumberVariable = "PSC_TEST_SECOND_PROCESS_NUMBER";

    private static readonly string _program =
        Path.Combine(AppContext.BaseDirectory, typeof(SecondProcess).Assembly.GetName().Name!);

    /// <summary>Lets several processes open the store and insert at once, and returns their exit codes.</summary>
    internal static int[] InsertAtOnce(EnginePaths paths, int count)
    {
        var processes = Enumerable.Range(0, count).Select(number => Start(paths, number)).ToList();
        while (!Enumerable.Range(0, count).All(number => File.Exists(ReadyFile(paths.Root, number)) || processes[number].HasExited))
        {
            Thread.Sleep(5);
        }

        File.WriteAllText(GoFile(paths.Root), "");
        foreach (var process in processes)
        {
            process.WaitForExit();
        }

        return [.. processes.Select(process => process.ExitCode)];
    }

    // Before the test framework's own entry point: a second process is a session, not a test run.
    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } root)
        {
            var number = int.Parse(Environment.GetEnvironmentVariable(NumberVariable)!, CultureInfo.InvariantCulture);
            Environment.Exit(Insert(root, number));
        }
    }

    private static int Insert(string root, int number)
    {
        File.WriteAllText(ReadyFile(root, number), "");
        while (!File.Exists(GoFile(root)))
        {
            Thread.Sleep(1);
        }

        var paths = new EnginePaths(root, root);
        using var database = Database.Open(paths.Database);
        Migration.Apply(database, paths.Database, CancellationToken.None);
        new ImageTable(database).Put(Sample.Image());
        var containers = new ContainerTable(database);
        var own = containers.Insert(Sample.Container($"{number:x8}", $"own-{number}"));
        var contested = containers.Insert(Sample.Container($"ffff{number:x4}", "contested"));
        return own == InsertOutcome.Inserted ? contested == InsertOutcome.Inserted ? 1 : 2 : 3;
    }

    private static Process Start(EnginePaths paths, int number) => Process.Start(new ProcessStartInfo(_program)
    {
        Environment =
        {
            [FolderVariable] = paths.Root,
            [NumberVariable] = $"{number}",
        },
    })!;

    private static string ReadyFile(string root, int number) => Path.Combine(root, $"ready-{number}");

    private static string GoFile(string root) => Path.Combine(root, "go");
}
