using System.Diagnostics;
using PsContainers.Images.Registry.Credentials;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Programs that keep credentials, as Docker starts them.</summary>
public sealed class CredentialHelperTests : IDisposable
{
    // Keeps one secret for each server in a file beside itself.
    private const string Program = """
        #!/bin/sh
        cd "$(dirname "$0")"
        input=$(cat)
        server=$(printf %s "$input" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/')
        file=kept-$(printf %s "$server" | tr -c 'a-z0-9\n' _)
        case $1 in
            get) [ -e "$file" ] || { echo 'credentials not found in native keychain'; exit 1; }; cat "$file" ;;
            store) printf %s "$input" > "$file" ;;
            erase) [ -e "$file" ] || { echo 'credentials not found in native keychain'; exit 1; }; rm "$file" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("psc-helper-").FullName;
    private readonly string _name = $"psc-{Guid.NewGuid():N}";

    public CredentialHelperTests() =>
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:{_folder}");

    public void Dispose()
    {
        var path = Environment.GetEnvironmentVariable("PATH")!;
        Environment.SetEnvironmentVariable("PATH", path.Replace($":{_folder}", "", StringComparison.Ordinal));
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("""{"credsStore": "NAME", "auths": {"registry.example": {"auth": "ZmlsZTpwdw=="}}}""")]
    [InlineData("""{"credsStore": "nobody", "credHelpers": {"registry.example": "NAME", "docker.io": "NAME"}}""")]
    public async Task What_is_stored_is_with_the_helper_and_not_in_the_file(string content)
    {
        Install(Program);
        var store = Store(content);

        await store.StoreAsync("registry.example/team", new("ann", "s3\"cret"));
        await store.StoreAsync("docker.io", new("", null) { IdentityToken = "identity" });

        var found = await store.FindAsync("registry.example/team/app");
        Assert.Equal(("ann", "s3\"cret"), (found!.UserName, found.Password));
        Assert.Equal("identity", (await store.FindAsync("docker.io/library/busybox"))!.IdentityToken);
        Assert.True(File.Exists(Path.Combine(_folder, "kept-https___index_docker_io_v1_")));
        Assert.DoesNotContain("cret", File.ReadAllText(Path.Combine(_folder, "config.json")), StringComparison.Ordinal);
        Assert.True(await store.EraseAsync("docker.io"));
        Assert.False(await store.EraseAsync("docker.io"));
        Assert.Null(await store.FindAsync("docker.io/library/busybox"));
    }

    [Fact]
    public async Task What_the_helper_does_not_have_is_taken_from_the_file()
    {
        Install(Program);

        var store = Store("""{"credsStore": "NAME", "auths": {"registry.example": {"auth": "ZmlsZTpwdw=="}}}""");

        var found = await store.FindAsync("registry.example/x");

        Assert.Equal("file", found!.UserName);
    }

    [Theory]
    [InlineData("echo 'the key ring is locked'; exit 1", "ended with code 1: the key ring is locked")]
    [InlineData("echo '{\"Username\": \"secret'", "its answer is not JSON")]
    [InlineData("echo '{\"Secret\": \"secret\", \"Secret\": \"other\"}'", "its answer is not JSON")]
    [InlineData("echo '{\"Secret\": \"secret\\\\ud800\"}'", "its answer is not JSON")]
    [InlineData("echo '[1]'", "its answer is no JSON object")]
    public async Task A_helper_that_fails_is_named(string script, string cause)
    {
        Install($"#!/bin/sh\n{script}\n");

        var error = await Assert.ThrowsAsync<CredentialException>(
            () => Store("""{"credsStore": "NAME"}""").FindAsync("registry.example"));

        Assert.StartsWith($"docker-credential-{_name} get", error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing-helper", "docker-credential-missing-helper cannot be started")]
    [InlineData("../../bin/sh", "cannot be the name of a credential helper")]
    public async Task A_helper_that_cannot_be_started_is_named(string name, string cause)
    {
        var error = await Assert.ThrowsAsync<CredentialException>(
            () => Store($$"""{"credsStore": "{{name}}"}""").FindAsync("registry.example"));

        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_that_does_not_end_is_ended()
    {
        Install($"#!/bin/sh\necho $$ > {_folder}/pid\nsleep 1000\n");
        var helper = CredentialHelper.Named(_name, "config.json", TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<CredentialException>(() => helper.GetAsync("registry.example", default));

        Assert.Contains("did not end within 1 seconds", error.Message, StringComparison.Ordinal);
        var ended = Stopwatch.StartNew();
        while (Directory.Exists($"/proc/{File.ReadAllText($"{_folder}/pid").Trim()}/fd") && ended.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(20);
        }

        Assert.True(ended.Elapsed < TimeSpan.FromSeconds(20), "the helper still runs");
    }

    [Fact]
    public async Task A_helper_is_ended_when_the_user_wants_it()
    {
        Install("#!/bin/sh\nsleep 1000\n");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store("""{"credsStore": "NAME"}""").FindAsync("registry.example", stop.Token));
    }

    private void Install(string program)
    {
        var path = Path.Combine(_folder, $"docker-credential-{_name}");
        File.WriteAllText(path, program);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private CredentialStore Store(string content)
    {
        var path = Path.Combine(_folder, "config.json");
        File.WriteAllText(path, content.Replace("NAME", _name, StringComparison.Ordinal));
        return new([new AuthFile(path)]);
    }
}
