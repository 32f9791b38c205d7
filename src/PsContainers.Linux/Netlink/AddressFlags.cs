namespace PsContainers.Linux.Netlink;

/// <summary>How a link has an address. rtnetlink(7), IFA_F_*</summary>
[Flags]
public enum AddressFlags : uint
{
    None = 0,

    /// <summary>Good at once: nobody on the link is asked whether he has this IPv6 address already.</summary>
    NoDuplicateDetection = 0x02,
    DuplicateDetected = 0x08,

    /// <summary>Not good yet: duplicate detection is under way.</summary>
    Tentative = 0x40,
    Permanent = 0x80,

    /// <summary>No route to the address's network comes with it.</summary>
    NoPrefixRoute = 0x200,
}
