using System.Net;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>A registry with a certificate of an authority that only this test knows.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly string _certificates = Directory.CreateTempSubdirectory("psc-certs-").FullName;

    public void Dispose()
    {
        Directory.Delete(_certificates, recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public async Task An_authority_of_the_registrys_folder_is_trusted()
    {
        using var registry = Server();
        File.WriteAllText(Path.Combine(FolderOf(registry), "ca.crt"), _authority.Pem);
        using var client = registry.Client("team/app:v1", Trusting());

        await PushedImage.Small.PushAsync(client);

        Assert.Equal(PushedImage.Small.Manifest, (await client.GetManifestAsync()).Bytes.ToArray());
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        using var registry = Server();
        using var client = registry.Client("team/app:v1", Trusting());

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("TLS failed: The remote certificate is invalid", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_for_another_registry_is_not_trusted()
    {
        using var registry = Server();
        var folder = Directory.CreateDirectory(Path.Combine(_certificates, "other.example")).FullName;
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _authority.Pem);
        using var client = registry.Client("team/app:v1", Trusting());

        await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_will_do_where_the_user_allows_it()
    {
        using var registry = Server();
        using var client = registry.Client("team/app:v1", RegistryServer.Insecure());

        await PushedImage.Small.PushAsync(client);

        Assert.NotNull(await client.HeadManifestAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registry_that_wants_to_know_the_client_is_shown_its_certificate(bool isShown)
    {
        using var registry = Server(wantsClient: true);
        var folder = FolderOf(registry);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _authority.Pem);
        if (isShown)
        {
            _authority.Issue("client.example", Path.Combine(folder, "client.cert"), Path.Combine(folder, "client.key"));
        }

        using var client = registry.Client("team/app:v1", Trusting() with { Attempts = 1 });
        var found = await Record.ExceptionAsync(() => client.HeadManifestAsync());

        Assert.Equal(isShown, found is null);
        Assert.True(found is null or RegistryException, $"{found}");
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named()
    {
        using var registry = Server();
        var file = Path.Combine(FolderOf(registry), "ca.crt");
        File.WriteAllText(file, "-----BEGIN CERTIFICATE-----\nxxx\n-----END CERTIFICATE-----\n");
        using var client = registry.Client("team/app:v1", Trusting());

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Through_a_proxy_that_wants_a_password_the_registrys_own_certificate_is_seen()
    {
        using var registry = Server();
        await using var proxy = new TunnelProxy(registry.Host, "ann", "pass:word");
        var folder = Directory.CreateDirectory(Path.Combine(_certificates, "registry.example")).FullName;
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _authority.Pem);
        var settings = Trusting() with
        {
            Proxy = new WebProxy(proxy.Address) { Credentials = new NetworkCredential("ann", "pass:word") },
        };
        using var client = new RegistryClient(ImageReference.Parse("registry.example/team/app:v1"), settings);

        await PushedImage.Small.PushAsync(client);

        Assert.Equal(PushedImage.Small.Manifest, (await client.GetManifestAsync()).Bytes.ToArray());
        Assert.All(proxy.Requests, request => Assert.Equal("CONNECT registry.example:443 HTTP/1.1", request.Line));
        Assert.Contains(proxy.Requests, request => request.IsAllowed);
    }

    [Fact]
    public async Task Proxy_that_refuses_is_named_without_the_password()
    {
        using var registry = Server();
        await using var proxy = new TunnelProxy(registry.Host, "ann", "right");
        var settings = Trusting() with
        {
            Proxy = new WebProxy(proxy.Address) { Credentials = new NetworkCredential("ann", "wrong-one") },
            Attempts = 1,
        };
        using var client = new RegistryClient(ImageReference.Parse("registry.example/team/app:v1"), settings);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("registry.example", error.Message, StringComparison.Ordinal);
        Assert.Contains("407", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", error.ToString(), StringComparison.Ordinal);
    }

    private string FolderOf(RegistryServer registry) => Directory.CreateDirectory(Path.Combine(_certificates, registry.Host)).FullName;

    private RegistrySettings Trusting() => new() { Certificates = new CertificateFolders([_certificates]) };

    private RegistryServer Server(bool wantsClient = false) => new(httpSections: folder =>
    {
        _authority.Issue("registry.example", $"{folder}/tls.crt", $"{folder}/tls.key");
        File.WriteAllText($"{folder}/ca.pem", _authority.Pem);
        var clients = wantsClient ? $"\n    clientcas:\n      - {folder}/ca.pem" : "";
        return $"  tls:\n    certificate: {folder}/tls.crt\n    key: {folder}/tls.key{clients}";
    });
}
