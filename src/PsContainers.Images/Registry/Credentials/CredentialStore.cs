namespace PsContainers.Images.Registry.Credentials;

/// <summary>The credentials of a user, in the files and helpers that Podman and Docker use as well.</summary>
/// <param name="files">Read in this order; the first one is written.</param>
public sealed class CredentialStore(IReadOnlyList<AuthFile> files)
{
    public static CredentialStore OfUser() =>
        new([.. AuthFilePaths.OfUser(Environment.GetEnvironmentVariable).Select(path => new AuthFile(path))]);

    /// <summary>The credential of the longest name that is one of the repository's or its registry's; null for none.</summary>
    /// <param name="repository">Such as `registry.example/team/app`, or a registry alone.</param>
    public async Task<Credential?> FindAsync(string repository, CancellationToken stop = default)
    {
        foreach (var file in files)
        {
            if (await file.FindAsync(repository, stop).ConfigureAwait(false) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    public Task StoreAsync(string repository, Credential credential, CancellationToken stop = default) =>
        files[0].StoreAsync(repository, credential, stop);

    /// <summary>False when the file that is written has none. A file that is only read may still have one.</summary>
    public Task<bool> EraseAsync(string repository, CancellationToken stop = default) => files[0].EraseAsync(repository, stop);
}
