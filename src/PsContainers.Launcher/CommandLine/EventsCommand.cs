using System.Diagnostics;
using System.Text.Json;
using PsContainers.Launcher.Statistics;

namespace PsContainers.Launcher.CommandLine;

/// <summary>
/// `events`: what a container uses, once or at intervals until it ends, and each time the kernel killed in it for memory.
/// </summary>
internal static class EventsCommand
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(50);

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax().Value("--interval").Flag("--stats"));
        words.RefuseMoreThan(1);
        var interval = Duration.Parse(words.Value("--interval") ?? "5s");
        var container = new RuntimeStore(global.Root).Open(words.Id("events"));
        var status = container.Status();
        if (status == "stopped")
        {
            throw new CommandLineException($"container not running: {container.Container.Id} has ended");
        }

        var reader = new StatisticsReader(container.Container.Cgroups);
        if (words.Has("--stats"))
        {
            Write(new ContainerEvent("stats", container.Container.Id, reader.Read()));
            return 0;
        }

        Follow(container, reader, interval);
        return 0;
    }

    private static void Follow(StoredContainer container, StatisticsReader reader, TimeSpan interval)
    {
        var kills = reader.OomKills();
        var watch = Stopwatch.StartNew();
        while (container.IsAlive)
        {
            var now = reader.OomKills();
            if (now > kills)
            {
                Write(new ContainerEvent("oom", container.Container.Id));
                kills = now;
            }

            if (watch.Elapsed >= interval)
            {
                Write(new ContainerEvent("stats", container.Container.Id, reader.Read()));
                watch.Restart();
            }

            Thread.Sleep(_step);
        }
    }

    private static void Write(ContainerEvent happened) =>
        Console.WriteLine(JsonSerializer.Serialize(happened, StatisticsJson.Default.ContainerEvent));
}
