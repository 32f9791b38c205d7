using System.Diagnostics;
using System.Globalization;

namespace PsContainers.Linux.Tests.Netlink;

/// <summary>Network namespaces of a test's own, of which nothing may be left at its end.</summary>
internal sealed class TestNetwork
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly List<(NetworkNamespace Network, string Link)> _made = [];

    private TestNetwork()
    {
    }

    internal static void Run(Action<TestNetwork> test)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        var network = new TestNetwork();
        try
        {
            test(network);
        }
        finally
        {
            network._made.ForEach(made => made.Network.Dispose());
        }

        foreach (var (_, link) in network._made)
        {
            AssertGone(link);
        }
    }

    internal NetworkNamespace Create()
    {
        var network = NetworkNamespace.Create();
        _made.Add((network, LinkOf(network)));
        return network;
    }

    /// <summary>What /proc/PID/ns/net says of it: <c>net:[4026531840]</c>.</summary>
    internal static string LinkOf(NetworkNamespace network) =>
        string.Create(CultureInfo.InvariantCulture, $"net:[{network.Identity.Inode}]");

    /// <summary>Waits for the ends of threads and processes, which take a moment.</summary>
    internal static void AssertGone(string link)
    {
        var clock = Stopwatch.StartNew();
        string? holder;
        while ((holder = HolderOf(link)) is not null && clock.Elapsed < _patience)
        {
            Thread.Sleep(1);
        }

        Assert.True(holder is null, $"{holder} ({NameOf(holder)}) still holds {link}");
    }

    internal static string? HolderOf(string link)
    {
        var threads = Directory.EnumerateDirectories("/proc/self/task").Select(task => $"{task}/ns/net");
        var processes = Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])).Select(p => $"{p}/ns/net");
        var descriptors = Directory.EnumerateFileSystemEntries("/proc/self/fd");
        return threads.Concat(processes).Concat(descriptors).FirstOrDefault(path => TargetOf(path) == link);
    }

    // /proc/self/task/TID/ns/net
    private static string NameOf(string? path)
    {
        var name = $"{Path.GetDirectoryName(Path.GetDirectoryName(path))}/comm";
        return File.Exists(name) ? File.ReadAllText(name).TrimEnd() : "";
    }

    internal static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            return null; // the process has ended meanwhile
        }
    }
}
