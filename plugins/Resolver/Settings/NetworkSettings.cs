using PsContainers.Linux.Bare;
using PsContainers.Resolver.Records;

namespace PsContainers.Resolver.Settings;

/// <summary>What the files in the resolver's directory say, as of the last <see cref="Refresh"/>.</summary>
internal sealed class NetworkSettings(int directory)
{
    private readonly FollowedFile _names = new(directory, "names");
    private readonly FollowedFile _forward = new(directory, "forward");
    private readonly FollowedFile _allow = new(directory, "allow");
    private readonly FollowedFile _listen = new(directory, "listen");

    internal NameTable Names { get; private set; } = NameTable.Empty;

    internal OtherNetworks Others { get; } = new(directory);

    /// <summary>The name servers that know all other names; none on an internal network.</summary>
    internal InternetEndpoint[] Upstreams { get; private set; } = [];

    /// <summary>The network's subnets, when it says them.</summary>
    internal List<Subnet> Subnets { get; private set; } = [];

    internal InternetEndpoint[] Listeners { get; private set; } = [];

    /// <summary>Whether <see cref="Listeners"/> was read anew since somebody set this to false.</summary>
    internal bool HasNewListeners { get; set; }

    /// <summary>Five looks at the file system, some two microseconds in all.</summary>
    internal void Refresh()
    {
        if (_names.TryReadNew(out var content))
        {
            Names = NameTable.Parse(content);
        }

        Others.Refresh();
        if (_forward.TryReadNew(out content))
        {
            Upstreams = EndpointList.Parse(content);
        }

        if (_allow.TryReadNew(out content))
        {
            Subnets = ParseSubnets(content);
        }

        if (_listen.TryReadNew(out content))
        {
            Listeners = EndpointList.Parse(content);
            HasNewListeners = true;
        }
    }

    internal bool IsInSubnets(UInt128 address)
    {
        foreach (var subnet in Subnets)
        {
            if (subnet.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static List<Subnet> ParseSubnets(ReadOnlySpan<byte> text)
    {
        var subnets = new List<Subnet>();
        foreach (var line in text.Split((byte)'\n'))
        {
            var words = new LineWords(text[line]);
            if (words.TryNext(out var word) && Subnet.TryParse(word, out var subnet))
            {
                subnets.Add(subnet);
            }
        }

        return subnets;
    }
}
