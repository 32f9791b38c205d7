using System.Text;
using PsContainers.Fuzz.Mutation;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Oci;

namespace PsContainers.Fuzz.Targets;

/// <summary>Reads registries.conf and auth.json, asks them, and changes the latter.</summary>
/// <remarks>The first byte of an input says which: 0 registries.conf, else auth.json.</remarks>
internal sealed class SettingsTarget : FuzzTarget
{
    private const string Password = "pass/word!Zq";

    private static readonly string[] _repositories = ["docker.io/library/busybox", "a.example/team/app", "a.example:5000", "localhost/x"];

    private static readonly string[] _words =
    [
        "[[registry]]\n", "[[registry.mirror]]\n", "[aliases]\n", "location = ", "prefix = ", "'a.example'", "'a.example/team/app'",
        "'*.example'", "'*'", "'b.example'", "'b.example/x'", "'/'", "''", "'http://a'",
        "'a b'", "'a.example:99999'", "'[::1'", "insecure = true\n", "blocked = true\n", "mirror-by-digest-only = true\n",
        "pull-from-mirror = ", "'digest-only'", "unqualified-search-registries = ", "['a.example']",
        "[]", "[1]", "short-name-mode = ", "'enforcing'", "\n", "true", "\"\"\"", "{", "}", "[", "]", "inf", "1979-05-27",
        "0xffffffffffffffffff", "\"\\ud800\"", "\"\\U00110000\"", "#",
        string.Concat(Enumerable.Repeat("[", 2000)), string.Concat(Enumerable.Repeat("{a=", 2000)),
        string.Concat(Enumerable.Repeat("a.", 5000)), "a.b = 1\na = 2\n",
    ];

    private readonly string _path;

    public SettingsTarget(string scratch) => _path = Path.Join(scratch, "auth.json");

    private static string Auth => Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Password}"));

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Seed(0, "unqualified-search-registries = ['docker.io', 'a.example']\nshort-name-mode = 'enforcing'\n"
            + "[aliases]\nbusybox = 'a.example/team/busybox'\n"),
        Seed(0, "[[registry]]\nprefix = 'a.example/team'\nlocation = 'b.example/x'\ninsecure = true\n"
            + "[[registry.mirror]]\nlocation = 'c.example'\npull-from-mirror = 'all'\n"),
        Seed(0, "[[registry]]\nprefix = '*.example'\nmirror-by-digest-only = true\n[[registry]]\nlocation = 'docker.io'\n"),
        Seed(1, """{"auths":{"a.example":{"auth":"?"},"https://index.docker.io/v1/":{"auth":"?","identitytoken":"t"}}}"""
            .Replace("?", Auth, StringComparison.Ordinal)),
        Seed(1, """{"auths":{"a.example/team":{"username":"a","password":"pass/word!Zq"},"localhost":{"registrytoken":"t"}},"Kept":{}}"""),
        Seed(1, ""),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Chance chance)
    {
        var (kind, content) = (KindOf(input), ContentOf(input));
        var second = ContentOf(other);
        return
        [
            kind,
            .. kind == 0 ? TextMutation.Apply(content, second, _words, " \n='[],./", chance) : JsonMutation.Apply(content, second, chance),
        ];
    }

    public override string Run(byte[] input)
    {
        var content = ContentOf(input);
        try
        {
            if (input is [] or [0, ..])
            {
                Configure(Encoding.UTF8.GetString(content));
            }
            else
            {
                AuthenticateAsync(content).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
            }

            return "accepted";
        }
        catch (Exception e) when (e is RegistriesConfigurationException or CredentialException or RegistryException)
        {
            Oracle.Holds(!e.ToString().Contains(Password, StringComparison.Ordinal), "an error tells the password");
            Oracle.Holds(!e.ToString().Contains(Auth, StringComparison.Ordinal), "an error tells what was encoded");
            return Oracle.Refusal(e);
        }
    }

    private static void Configure(string text)
    {
        var configuration = RegistriesConfiguration.Parse(text);
        var digested = "a.example/team/app@sha256:" + new string('0', 64);
        foreach (var name in (ReadOnlySpan<string>)[.. _repositories, "busybox", "team/app", digested])
        {
            foreach (var image in Candidates(configuration, name))
            {
                new RegistryClient(image, new() { Registries = configuration }).Dispose();
            }
        }

        _ = configuration.EndpointOf("a.example", isInsecure: false).Search.ToString();
    }

    // An alias may be any text; its error is that of a wrong name.
    private static IReadOnlyList<ImageReference> Candidates(RegistriesConfiguration configuration, string name)
    {
        try
        {
            return configuration.CandidatesFor(name);
        }
        catch (FormatException e) when (e.GetType() == typeof(FormatException))
        {
            return [];
        }
    }

    private async Task AuthenticateAsync(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        var store = new CredentialStore([new AuthFile(_path)]);
        foreach (var repository in _repositories)
        {
            await store.FindAsync(repository);
        }

        await store.StoreAsync("a.example", new("ann", Password));
        Oracle.Holds(await store.FindAsync("a.example") is { UserName: "ann", Password: Password }, "what was stored is not found");
        Oracle.Holds(await store.EraseAsync("a.example"), "what was stored is not erased");
    }

    private static byte[] Seed(byte kind, string text) => [kind, .. Encoding.UTF8.GetBytes(text)];
}
