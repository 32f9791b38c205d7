namespace PsContainers.Resolver.Messages;

/// <summary>What a response says of its query. RFC 1035, 4.1.1; RFC 6891, 9</summary>
internal enum ResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,

    /// <summary>BADVERS, whose upper bits go into the OPT record.</summary>
    BadVersion = 16,
}
