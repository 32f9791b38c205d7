using System.Net;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Definition;

/// <summary>The subnets that are given to networks whose user named none.</summary>
internal static class AddressPool
{
    internal const string Range = "10.90.0.0-10.99.255.255";
    private const int FirstOctet = 90;
    private const int LastOctet = 99;

    /// <summary>The subnet of the network that every container is on when its user names none.</summary>
    internal static readonly IPNetwork ForDefaultNetwork = new(new([10, FirstOctet, 0, 0]), 16);

    /// <summary>The first /24 that is free; for the default network a /16, if that is.</summary>
    internal static IPNetwork ChooseIPv4(bool isDefaultNetwork, Func<IPNetwork, bool> isFree)
    {
        if (isDefaultNetwork && isFree(ForDefaultNetwork))
        {
            return ForDefaultNetwork;
        }

        // The default network's part comes last, so that it is still whole when that network is made after others.
        foreach (var second in Enumerable.Range(FirstOctet + 1, LastOctet - FirstOctet).Append(FirstOctet))
        {
            for (var third = 0; third < 256; third++)
            {
                var subnet = new IPNetwork(new([10, (byte)second, (byte)third, 0]), 24);
                if (isFree(subnet))
                {
                    return subnet;
                }
            }
        }

        throw new DriverException(
            $"no subnet is free: all of {Range} belongs to other networks or to the host's links; name one",
            DriverErrorKind.Exhausted,
            "subnets");
    }

    /// <summary>A /64 that nobody else has, made of the network's id, which is random. RFC 4193</summary>
    internal static IPNetwork ChooseIPv6(string id, Func<IPNetwork, bool> isFree)
    {
        const int digits = 14; // 40 bits of global id, 16 of subnet id
        for (var start = 0; start + digits <= id.Length; start += digits)
        {
            byte[] bytes = [0xfd, .. Convert.FromHexString(id.AsSpan(start, digits)), .. new byte[8]];
            var subnet = new IPNetwork(new IPAddress(bytes), 64);
            if (isFree(subnet))
            {
                return subnet;
            }
        }

        throw new DriverException(
            "no IPv6 subnet is free that could be derived from the network's id; name one", DriverErrorKind.Exhausted, "subnets");
    }
}
