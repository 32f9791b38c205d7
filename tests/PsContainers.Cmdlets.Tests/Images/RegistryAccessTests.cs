using System.Text.Json.Nodes;
using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>A registry that wants to know who we are; needs root, busybox-static and docker-registry.</summary>
public sealed class RegistryAccessTests : IClassFixture<BusyboxImage>, IDisposable
{
    // htpasswd -nbB ann s3cret:word
    private const string Users = "ann:$2b$04$vLFchKt8xlYvE2uPoI4.oOXjC0QSYq.FnMhVG3ilkgrY3IlSP4aY2";
    private const string Password = "s3cret:word";

    private readonly BusyboxImage _image;
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-access-").FullName;
    private readonly DockerRegistry _registry;

    public RegistryAccessTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
        Assert.SkipUnless(DockerRegistry.IsPossible, DockerRegistry.Need);
        var users = Path.Join(_folder, "htpasswd");
        File.WriteAllText(users, Users);
        _registry = new DockerRegistry($"auth: {{ htpasswd: {{ realm: test, path: {users} }} }}");
    }

    private string AuthFile => Path.Join(_folder, "auth.json");

    public void Dispose()
    {
        _registry.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Credentials_are_kept_once_the_registry_has_taken_them_and_forgotten_on_request()
    {
        var result = Command(
            $"Connect-ContainerRegistry {_registry.Host} $user -AllowInsecure; "
            + $"(Publish-ContainerImage busybox {_registry.Host}/own:1 -AllowInsecure).Name; "
            + $"(Find-ContainerImage {_registry.Host}/own -AllowInsecure).Name; "
            + $"(Find-ContainerImage -Search ow -Registry {_registry.Host} -AllowInsecure).Name; "
            + $"[IO.File]::Exists($env:REGISTRY_AUTH_FILE); Disconnect-ContainerRegistry {_registry.Host}; "
            + $"Receive-ContainerImage {_registry.Host}/own:1 -AllowInsecure -ErrorVariable e 2> $null; "
            + "$e[0].FullyQualifiedErrorId.Split(',')[0]");

        Assert.Empty(result.Error);
        Assert.Equal(
            [$"{_registry.Host}/own:1", $"{_registry.Host}/own:1", $"{_registry.Host}/own", "True", "RegistryAccessDenied"], result.Lines);
        Assert.Empty(JsonNode.Parse(File.ReadAllText(AuthFile))!["auths"]!.AsObject());
    }

    [Fact]
    public void Wrong_password_is_not_kept_and_never_told()
    {
        var result = Command(
            $"$wrong = [pscredential]::new('ann', (Secret 'not-the-password')); "
            + $"Connect-ContainerRegistry {_registry.Host} $wrong -AllowInsecure -ErrorVariable e 2> $null; "
            + "$e[0].FullyQualifiedErrorId.Split(',')[0]; \"$($e[0])\"; [IO.File]::Exists($env:REGISTRY_AUTH_FILE)");

        Assert.Equal("RegistryAccessDenied", result.Lines[0]);
        Assert.Equal("False", result.Lines[2]);
        Assert.DoesNotContain("not-the-password", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Credential_of_the_command_is_used_and_not_kept()
    {
        var result = Command(
            $"(Publish-ContainerImage busybox {_registry.Host}/once:1 -AllowInsecure -Credential $user).Name; "
            + "[IO.File]::Exists($env:REGISTRY_AUTH_FILE)");

        Assert.Empty(result.Error);
        Assert.Equal([$"{_registry.Host}/once:1", "False"], result.Lines);
    }

    [Fact]
    public void Registry_that_was_never_connected_is_an_error_record()
    {
        var result = Command(
            "Disconnect-ContainerRegistry registry.example -ErrorVariable e 2> $null; $e[0].FullyQualifiedErrorId.Split(',')[0]; "
            + "Disconnect-ContainerRegistry 'no registry', team/app -ErrorVariable e 2> $null; $e.FullyQualifiedErrorId -replace ',.*'");

        Assert.Equal(["RegistryNotConnected", "RegistryNameInvalid", "RegistryNameInvalid"], result.Lines);
    }

    private PscResult Command(string script) => _image.Command($$"""
        $env:REGISTRY_AUTH_FILE = '{{AuthFile}}'
        function Secret([string] $text) { $s = [securestring]::new(); foreach ($c in $text.ToCharArray()) { $s.AppendChar($c) }; $s }
        $user = [pscredential]::new('ann', (Secret '{{Password}}'))
        {{script}}
        """);
}
