using System.Runtime.InteropServices;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Links;

/// <summary>Removes links without the wait that follows.</summary>
/// <remarks>
/// A removed link is gone for everybody after some tenths of a millisecond, its name is free, and its peer is gone, too. Yet the
/// kernel keeps the one who asked until all processors have forgotten it (rcu_barrier in netdev_run_todo), 15 ms and more. So somebody
/// else asks, and nothing that ends this process takes it back.
/// </remarks>
internal static partial class LinkRemoval
{
    private const int StackBytes = 128 * 1024;

    /// <summary>Removes a link, and with a veth its peer; false when there is none of this name.</summary>
    internal static bool Remove(RouteSocket route, string name)
    {
        if (route.FindLink(name) is not { } link)
        {
            return false;
        }

        // The socket belongs to this thread's network namespace, whatever thread uses it.
        var asking = RouteSocket.Open();
        LinuxException? failure = null;
        var thread = new Thread(
            () =>
            {
                using (asking)
                {
                    try
                    {
                        asking.Remove(link.Index);
                    }
                    catch (LinuxException e)
                    {
                        failure = e;
                    }
                }
            },
            StackBytes)
        {
            Name = "link removal",
        };
        thread.Start();

        // Asked in a way that does not wait for the lock of the removal, as rtnetlink would.
        for (var spin = new SpinWait(); if_nametoindex(name) == link.Index; spin.SpinOnce(sleep1Threshold: -1))
        {
            if (thread.Join(0))
            {
                return failure is null ? true : throw failure;
            }
        }

        return true;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int if_nametoindex(string ifname);
}
