using System.Text.Json.Nodes;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Images.Tests.Layers;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Credentials in the files of Podman and Docker.</summary>
public sealed class AuthFileTests : IDisposable
{
    private const string Entries = """
        {
          "auths": {
            "registry.example": {"auth": "YW5uOnMzY3JldDp3b3Jk"},
            "registry.example/team": {"auth": "dGVhbTpwdw=="},
            "registry.example/team/app": {"username": "plain", "password": "text"},
            "https://index.docker.io/v1/": {"auth": "aHViOnB3"},
            "https://old.example/v2/": {"auth": "b2xkOnB3"},
            "token.example": {"auth": "PHRva2VuPjo=", "identitytoken": "identity"},
            "ready.example": {"registrytoken": "opens"},
            "helped.example": {},
            "broken.example": {"auth": "!!"}
          },
          "HttpHeaders": {"X-Meta": "kept"}
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("psc-auth-").FullName;

    private string FilePath => Path.Combine(_folder, "containers", "auth.json");

    private CredentialStore Store => new([new AuthFile(FilePath)]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("registry.example/other", "ann s3cret:word")]
    [InlineData("registry.example", "ann s3cret:word")]
    [InlineData("registry.example/team/x", "team pw")]
    [InlineData("registry.example/teamwork", "ann s3cret:word")]
    [InlineData("registry.example/team/app", "plain text")]
    [InlineData("registry.example:5000/team", null)]
    [InlineData("docker.io/library/busybox", "hub pw")]
    [InlineData("old.example/x", "old pw")]
    [InlineData("token.example/x", "<token>  identity")]
    [InlineData("ready.example/x", "   opens")]
    [InlineData("helped.example/x", null)]
    [InlineData("unknown.example/x", null)]
    public async Task The_longest_name_that_fits_is_the_one(string repository, string? expected)
    {
        Write(Entries);

        var found = await Store.FindAsync(repository);

        Assert.Equal(expected, found is null ? null
            : $"{found.UserName} {found.Password} {found.IdentityToken} {found.RegistryToken}".TrimEnd());
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_is_named_without_its_content()
    {
        Write(Entries);

        var error = await Assert.ThrowsAsync<CredentialException>(() => Store.FindAsync("broken.example/x"));

        Assert.Equal($"{FilePath}: the entry of broken.example cannot be read", error.Message);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"auths":{},"auths":{}}""")]
    [InlineData("""{"auths":{"a.example":{"auth":"x","auth":"y"}}}""")]
    [InlineData("""{"kept":"\ud800"}""")]
    [InlineData("""{"auths":{"\udc00.example":{}}}""")]
    public async Task A_file_that_is_none_is_named_and_left_alone(string content)
    {
        Write(content);

        var reading = await Assert.ThrowsAsync<CredentialException>(() => Store.FindAsync("a.example"));
        await Assert.ThrowsAsync<CredentialException>(() => Store.StoreAsync("a.example", new("ann", "pw")));

        Assert.Contains(FilePath, reading.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(FilePath));
    }

    [Fact]
    public async Task A_file_that_is_no_UTF_8_is_named()
    {
        Write("");
        File.WriteAllBytes(FilePath, [.. "{\"a\":\""u8, 0xe4, .. "\"}"u8]);

        var error = await Assert.ThrowsAsync<CredentialException>(() => Store.StoreAsync("a.example", new("ann", "pw")));

        Assert.StartsWith(FilePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_without_quotation_marks_is_not_in_the_error()
    {
        Write("{\"auths\": {\n  \"a.example\": {\"password\": nobody-knows}}}");

        var error = await Assert.ThrowsAsync<CredentialException>(() => Store.FindAsync("a.example"));

        Assert.EndsWith("it is not the JSON that it should be in line 2", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stored_is_found_and_all_else_stays()
    {
        Write(Entries);

        await Store.StoreAsync("new.example/team", new("ann", "pw:1"));
        await Store.StoreAsync("docker.io", new("hub2", "pw2"));

        Assert.Equal("pw:1", (await Store.FindAsync("new.example/team/x"))!.Password);
        Assert.Equal("hub2", (await Store.FindAsync("docker.io/library/x"))!.UserName);
        Assert.Equal("pw", (await Store.FindAsync("registry.example/team/x"))!.Password);
        var content = JsonNode.Parse(File.ReadAllText(FilePath))!;
        Assert.Equal("kept", content["HttpHeaders"]!["X-Meta"]!.GetValue<string>());
        Assert.Null(content["auths"]!["docker.io"]);
    }

    [Fact]
    public async Task The_file_is_for_its_owner_alone()
    {
        await Store.StoreAsync("new.example", new("ann", "pw"));

        const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(file, File.GetUnixFileMode(FilePath));
        Assert.Equal(file | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public async Task What_a_link_points_to_is_changed()
    {
        Write(Entries);
        var real = Path.Combine(_folder, "real.json");
        File.Move(FilePath, real);
        File.CreateSymbolicLink(FilePath, real);

        await Store.StoreAsync("new.example", new("ann", "pw"));

        Assert.Equal(real, new FileInfo(FilePath).LinkTarget);
        Assert.Contains("new.example", File.ReadAllText(real), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_erased_is_gone_and_only_that()
    {
        Write(Entries);

        Assert.True(await Store.EraseAsync("registry.example/team"));
        Assert.False(await Store.EraseAsync("registry.example/team"));

        Assert.Equal("ann", (await Store.FindAsync("registry.example/team/x"))!.UserName);
    }

    [Fact]
    public async Task Many_shells_store_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.StoreAsync($"r{i}.example", new("ann", $"{i}")))));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"{i}", (await Store.FindAsync($"r{i}.example"))!.Password);
        }
    }

    [Fact]
    public async Task What_podman_logs_in_with_is_found_and_the_other_way_round()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/podman"), "podman is missing on this machine");
        using var registry = RegistryServer.WithUser(AuthenticationTests.Users);

        LayerSandbox.Run(
            "podman", "login", "--tls-verify=false", "--authfile", FilePath,
            "-u", TokenIssuer.User, "-p", TokenIssuer.Password, registry.Host);
        var found = await Store.FindAsync($"{registry.Host}/team/app");
        await Store.EraseAsync(registry.Host);
        await Store.StoreAsync(registry.Host, found!);
        var told = LayerSandbox.Run("podman", "login", "--get-login", "--authfile", FilePath, registry.Host);

        Assert.Equal((TokenIssuer.User, TokenIssuer.Password), (found!.UserName, found.Password));
        Assert.Equal(TokenIssuer.User, told.Trim());
    }

    [Fact]
    public void The_usual_files_are_looked_at()
    {
        var variables = new Dictionary<string, string> { ["HOME"] = "/home/ann", ["XDG_RUNTIME_DIR"] = "/run/user/7" };
        Assert.Equal(
            ["/run/user/7/containers/auth.json", "/home/ann/.config/containers/auth.json", "/home/ann/.docker/config.json"],
            AuthFilePaths.OfUser(variables.GetValueOrDefault));

        variables["XDG_CONFIG_HOME"] = "/config";
        variables["DOCKER_CONFIG"] = "/docker";
        Assert.Equal(
            ["/config/containers/auth.json", "/docker/config.json"], AuthFilePaths.OfUser(variables.GetValueOrDefault).Skip(1));

        variables["REGISTRY_AUTH_FILE"] = "/only.json";
        Assert.Equal(["/only.json"], AuthFilePaths.OfUser(variables.GetValueOrDefault));
    }

    private void Write(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, content);
    }
}
