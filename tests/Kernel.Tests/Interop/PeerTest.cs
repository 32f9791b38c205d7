using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>A test that drives the launcher through another engine, and leaves no container there.</summary>
public abstract class PeerTest : KernelTest
{
    private readonly Peer _peer;

    private protected PeerTest(TestHost host, Peer peer)
        : base(host)
    {
        Assert.SkipWhen(peer.Missing is not null, peer.Missing ?? "");
        _peer = peer;
    }

    protected override void RemoveOwn() => _peer.RemoveContainers();

    protected HostCommandResult Do(params string[] arguments) => _peer.Do(arguments);

    /// <summary>The output of a command that must succeed.</summary>
    protected string Say(params string[] arguments) => _peer.Do(arguments).Text();

    /// <summary>The same on a terminal; the line ends of two terminals, one in the other, are made one.</summary>
    protected string SayOnTerminal(params string[] arguments) =>
        _peer.DoOnTerminal(arguments).Text().Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n');
}
