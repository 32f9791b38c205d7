namespace PsContainers.Images.Registry.Credentials;

/// <summary>Who we are to a registry: a user with a password, or with a token that stands for one.</summary>
public sealed class Credential(string userName, string? password)
{
    public string UserName { get; } = userName;

    public string? Password { get; } = password;

    /// <summary>A refresh token of OAuth 2, which the token server takes instead of a password.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A token that opens the registry itself.</summary>
    public string? RegistryToken { get; init; }

    // Not a record, whose text would have the password in it.
    public override string ToString() => UserName;
}
