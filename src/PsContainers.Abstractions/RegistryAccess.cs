namespace PsContainers;

/// <summary>How a command reaches a registry, besides what the machine's and the user's files say.</summary>
public sealed record RegistryAccess
{
    /// <summary>Null takes the stored credentials, if there are any.</summary>
    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>Lets the registry do without TLS, or with a certificate that nobody vouches for.</summary>
    public bool AllowInsecure { get; init; }

    // The password is in no text, log or error.
    public override string ToString() => UserName ?? "";
}
