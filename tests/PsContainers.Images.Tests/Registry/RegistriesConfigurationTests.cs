using CsCheck;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>What registries.conf says about where an image is.</summary>
public sealed class RegistriesConfigurationTests : IDisposable
{
    private const string Rules = """
        unqualified-search-registries = ["docker.io", "quay.io"]
        short-name-mode = "enforcing"

        [[registry]]
        location = "plain.example:5000"
        insecure = true

        [[registry]]
        prefix = "moved.example/old"
        location = "new.example/here"

        [[registry]]
        prefix = "moved.example/old/deeper"
        location = "deep.example"

        [[registry]]
        prefix = "*.wild.example"
        location = "tame.example/wild"

        [[registry]]
        prefix = "*.none.example"
        insecure = true

        [[registry]]
        prefix = "blocked.example/bad"
        blocked = true

        [[registry]]
        prefix = "docker.io"
        mirror-by-digest-only = true
        [[registry.mirror]]
        location = "mirror.example/hub"

        [[registry]]
        location = "both.example"
        [[registry.mirror]]
        location = "digests.example"
        pull-from-mirror = "digest-only"
        [[registry.mirror]]
        location = "tags.example"
        pull-from-mirror = "tag-only"
        insecure = true
        [[registry.mirror]]
        location = "all.example"
        pull-from-mirror = "all"

        [aliases]
        "fedora" = "registry.fedoraproject.org/fedora"
        "team/tool" = "quay.io/team/tool"
        """;

    private const string Hash = "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly string _folder = Directory.CreateTempSubdirectory("psc-conf-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plain.example:5000/a", "plain.example:5000/a!")]
    [InlineData("other.example/a", "other.example/a")]
    [InlineData("moved.example/old/a", "new.example/here/a")]
    [InlineData("moved.example/older/a", "moved.example/older/a")]
    [InlineData("moved.example/old/deeper/a", "deep.example/a")]
    [InlineData("a.wild.example/x", "tame.example/wild/x")]
    [InlineData("a.b.wild.example/x/y", "tame.example/wild/x/y")]
    [InlineData("wild.example/x", "wild.example/x")]
    [InlineData("notwild.example/x", "notwild.example/x")]
    [InlineData("a.none.example/x", "a.none.example/x!")]
    [InlineData("blocked.example/good", "blocked.example/good")]
    [InlineData("busybox", "registry-1.docker.io/library/busybox")]
    [InlineData("busybox" + Hash, "mirror.example/hub/library/busybox registry-1.docker.io/library/busybox")]
    [InlineData("both.example/a", "tags.example/a! all.example/a both.example/a")]
    [InlineData("both.example/a" + Hash, "digests.example/a all.example/a both.example/a")]
    public void An_image_is_where_the_longest_prefix_says(string image, string expected)
    {
        var endpoints = RegistriesConfiguration.Parse(Rules).EndpointsFor(ImageReference.Parse(image), isInsecure: false);

        Assert.Equal(expected, string.Join(' ', endpoints.Mirrors.Append(endpoints.Registry)
            .Select(endpoint => $"{endpoint.Host}/{endpoint.Repository}{(endpoint.IsInsecure ? "!" : "")}")));
    }

    [Fact]
    public void A_location_that_leaves_no_repository_is_refused()
    {
        var configuration = RegistriesConfiguration.Parse("[[registry]]\nprefix = \"a.example/app\"\nlocation = \"b.example\"");

        var error = Assert.Throws<RegistriesConfigurationException>(
            () => configuration.EndpointsFor(ImageReference.Parse("a.example/app"), isInsecure: false));

        Assert.Contains(
            "a.example/app: the location b.example in registries.conf names no repository", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blocked_registry_is_refused()
    {
        var error = Assert.Throws<RegistriesConfigurationException>(
            () => RegistriesConfiguration.Parse(Rules).EndpointsFor(ImageReference.Parse("blocked.example/bad/x"), isInsecure: true));

        Assert.Contains("blocked.example/bad is blocked", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest quay.io/busybox:latest")]
    [InlineData("team/x:1", "docker.io/team/x:1 quay.io/team/x:1")]
    [InlineData("fedora", "registry.fedoraproject.org/fedora:latest")]
    [InlineData("fedora:40", "registry.fedoraproject.org/fedora:40")]
    [InlineData("team/tool" + Hash, "quay.io/team/tool" + Hash)]
    [InlineData("docker.io/fedora", "docker.io/library/fedora:latest")]
    [InlineData("localhost/fedora", "localhost/fedora:latest")]
    [InlineData("quay.io/fedora", "quay.io/fedora:latest")]
    public void A_short_name_means_its_alias_or_one_of_each_registry(string name, string expected)
    {
        Assert.Equal(expected, string.Join(' ', RegistriesConfiguration.Parse(Rules).CandidatesFor(name)));
    }

    [Fact]
    public void Without_a_word_about_it_a_short_name_is_from_Docker_Hub()
    {
        var candidates = RegistriesConfiguration.Empty.CandidatesFor("busybox");

        Assert.Equal(["docker.io/library/busybox:latest"], candidates.Select(image => $"{image}"));
    }

    [Theory]
    [InlineData("a = ", "registries.conf")]
    [InlineData("[[registry]]\ninsecure = true", "neither prefix nor location")]
    [InlineData("[[registry]]\nprefix = \"a.*.example\"", "'a.*.example' has a star")]
    [InlineData("[[registry]]\nprefix = \"*.a.*\"", "has a star")]
    [InlineData("[[registry]]\nlocation = \"a\"\n[[registry.mirror]]\ninsecure = true", "a mirror of a has no location")]
    [InlineData("[[registry]]\nlocation = \"a\"\n[[registry.mirror]]\nlocation = \"b\"\npull-from-mirror = \"x\"", "'x' instead of all")]
    [InlineData("[[registry]]\nlocation = \"http://a.example\"", "the location 'http://a.example' of http://a.example is not a registry")]
    [InlineData("[[registry]]\nprefix = \"a\"\nlocation = \"a b\"", "'a b' of a is not a registry")]
    [InlineData("[[registry]]\nlocation = \"a.example:99999\"", "is not a registry")]
    [InlineData("[[registry]]\nlocation = \"a.example/x?y\"", "is not a registry")]
    [InlineData("[[registry]]\nlocation = \"a\"\n[[registry.mirror]]\nlocation = \" \"", "the mirror ' ' of a is not a registry")]
    [InlineData("[\"\\", "no character")]
    [InlineData("a = \"\\U00110000\"", "registries.conf")]
    [InlineData("short-name-mode = \"maybe\"", "'maybe' is not known")]
    [InlineData("unqualified-search-registries = 5", "registries.conf")]
    public void A_file_that_cannot_be_used_is_named(string text, string cause)
    {
        var error = Assert.Throws<RegistriesConfigurationException>(() => RegistriesConfiguration.Parse(text));

        Assert.Contains("registries.conf: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_file_or_is_refused()
    {
        Gen.String[Gen.Char["[]registy=\"\n.{}*#'"], 0, 80].Sample(text =>
        {
            try
            {
                RegistriesConfiguration.Parse(text);
            }
            catch (RegistriesConfigurationException)
            {
            }
        });
    }

    [Fact]
    public void A_later_file_says_it_better()
    {
        File.WriteAllText($"{_folder}/a.conf", Rules);
        File.WriteAllText($"{_folder}/b.conf", """
            unqualified-search-registries = ["third.example"]
            [[registry]]
            location = "plain.example:5000"
            [aliases]
            fedora = "third.example/fedora"
            """);

        var configuration = RegistriesConfiguration.Read([$"{_folder}/a.conf", $"{_folder}/b.conf"]);

        Assert.Equal(["third.example"], configuration.SearchRegistries);
        Assert.Equal(ShortNameMode.Enforcing, configuration.ShortNameMode);
        Assert.False(configuration.EndpointsFor(ImageReference.Parse("plain.example:5000/a"), false).Registry.IsInsecure);
        Assert.Equal("third.example/fedora:latest", configuration.CandidatesFor("fedora")[0].ToString());
        Assert.Equal("quay.io/team/tool:latest", configuration.CandidatesFor("team/tool")[0].ToString());
    }

    [Fact]
    public void The_files_of_the_user_are_found()
    {
        var drop = Directory.CreateDirectory($"{_folder}/containers/registries.conf.d").FullName;
        File.WriteAllText($"{_folder}/containers/registries.conf", "");
        File.WriteAllText($"{drop}/20-b.conf", "");
        File.WriteAllText($"{drop}/10-a.conf", "");
        File.WriteAllText($"{drop}/other.txt", "");
        File.WriteAllText($"{_folder}/wanted.conf", "");
        string? Variable(string name) => name == "XDG_CONFIG_HOME" ? _folder : null;

        var files = RegistriesFiles.OfUser(Variable);
        var wanted = RegistriesFiles.OfUser(name => name == "CONTAINERS_REGISTRIES_CONF" ? $"{_folder}/wanted.conf" : Variable(name));

        Assert.Equal($"{_folder}/containers/registries.conf", files[0]);
        Assert.Equal([$"{drop}/10-a.conf", $"{drop}/20-b.conf"], files.TakeLast(2));
        Assert.Equal($"{_folder}/wanted.conf", wanted[0]);
        Assert.DoesNotContain($"{_folder}/containers/registries.conf", wanted);
    }

    // Debian's own files, too, where they are.
    [Fact]
    public void What_is_set_on_this_machine_is_read()
    {
        Assert.NotNull(RegistriesConfiguration.Load());
    }
}
