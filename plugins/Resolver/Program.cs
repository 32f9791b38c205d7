using PsContainers.Linux.Bare;
using PsContainers.Resolver.Lifetime;
using PsContainers.Resolver.Serving;

namespace PsContainers.Resolver;

/// <summary>
/// `psc-resolver DIRECTORY`: answers the names of one container network, and passes questions about all others on.
/// </summary>
/// <remarks>
/// It is started with standard output as a pipe, writes `ready` or `error TEXT` there, closes it, and lives for as long as the network
/// has names. See docs/resolver.md for what the directory holds.
/// </remarks>
internal static class Program
{
    private const int DescriptorsWanted = UdpForwards.Most + (3 * TcpConnections.Most) + 64;

    private static int Main(string[] arguments)
    {
        Starter.LeaveSession();
        try
        {
            if (arguments is not [var path])
            {
                throw new IOException("usage: psc-resolver DIRECTORY");
            }

            var directory = new ResolverDirectory(path);
            if (!SoleResolver.TryBecome(directory))
            {
                Starter.Tell("ready");
                return 0;
            }

            Serve(directory);
            return 0;
        }
        catch (IOException e)
        {
            // Until standard output is let go of, somebody waits for this; later it goes nowhere, but into the log.
            Starter.Tell($"error {e.Message}");
            Log.Write(e.Message);
            return 1;
        }
    }

    private static void Serve(ResolverDirectory directory)
    {
        _ = Kernel.RaiseDescriptorLimit(DescriptorsWanted);
        var server = new Server(directory);
        server.Listen();
        directory.WritePid();
        Starter.Tell("ready");
        Starter.LeaveStreams(directory);
        server.Run();
    }
}
