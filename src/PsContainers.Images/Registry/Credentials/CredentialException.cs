namespace PsContainers.Images.Registry.Credentials;

/// <summary>Credentials that could not be read or kept. The message names the file or the helper and the cause, in one line.</summary>
public sealed class CredentialException(string message) : Exception(ForeignText.Readable(message));
