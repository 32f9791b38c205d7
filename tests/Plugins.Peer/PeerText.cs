namespace PsContainers.Plugins.Peer;

/// <summary>A type that is no driver.</summary>
public static class PeerText
{
    /// <summary>What the peer is called.</summary>
    public const string Name = "peer";
}
