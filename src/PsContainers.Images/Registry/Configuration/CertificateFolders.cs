using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PsContainers.Images.Registry.Configuration;

/// <summary>
/// Certificates for single registries: `‹folder›/‹host:port›/` with `*.crt`, whose authorities are trusted there, and `*.cert` with
/// `*.key`, which prove who we are. containers-certs.d(5)
/// </summary>
/// <param name="folders">The first one that knows a registry is the one.</param>
public sealed class CertificateFolders(IReadOnlyList<string> folders)
{
    public static CertificateFolders None { get; } = new([]);

    public static CertificateFolders OfMachine()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new([$"{home}/.config/containers/certs.d", "/etc/containers/certs.d", "/etc/docker/certs.d"]);
    }

    /// <param name="authority">Host, with its port where it has one.</param>
    internal SslClientAuthenticationOptions OptionsFor(string authority, bool isUnverified)
    {
        var options = new SslClientAuthenticationOptions();
        if (folders.Select(folder => Path.Combine(folder, authority)).FirstOrDefault(Directory.Exists) is { } own)
        {
            options.CertificateChainPolicy = Policy(own);
            options.ClientCertificates = ClientCertificates(own);
        }

        if (isUnverified)
        {
#pragma warning disable CA5359 // the user called the registry insecure
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }

    // The machine's authorities are trusted as well.
    private static X509ChainPolicy? Policy(string folder)
    {
        var files = Directory.GetFiles(folder, "*.crt");
        if (files.Length == 0)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        using (var machine = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly))
        {
            policy.CustomTrustStore.AddRange(machine.Certificates);
        }

        foreach (var file in files)
        {
            Read(file, () => Import(policy.CustomTrustStore, file));
        }

        return policy;
    }

    // What is not PEM is passed over in silence; nobody puts a file there for that.
    private static void Import(X509Certificate2Collection store, string file)
    {
        var before = store.Count;
        store.ImportFromPemFile(file);
        if (store.Count == before)
        {
            throw new CryptographicException("it holds no certificate in PEM");
        }
    }

    private static X509CertificateCollection ClientCertificates(string folder)
    {
        var certificates = new X509CertificateCollection();
        foreach (var file in Directory.GetFiles(folder, "*.cert").Order(StringComparer.Ordinal))
        {
            Read(file, () => certificates.Add(X509Certificate2.CreateFromPemFile(file, Path.ChangeExtension(file, ".key"))));
        }

        return certificates;
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryFault($"the certificate {file} cannot be read: {e.Message}", e);
        }
    }
}
