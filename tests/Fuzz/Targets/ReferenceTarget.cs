using System.Text;
using PsContainers.Fuzz.Mutation;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Fuzz.Targets;

/// <summary>Takes texts for names of images, digests, platforms and challenges. What is accepted says the same when written.</summary>
internal sealed class ReferenceTarget : FuzzTarget
{
    private static readonly RegistriesConfiguration _configuration = RegistriesConfiguration.Parse(
        "unqualified-search-registries = ['a.example', 'docker.io']\n[aliases]\nbusybox = 'quay.io/b/busybox'\n"
        + "[[registry]]\nlocation = 'a.example/team'\n");

    private static readonly string[] _words =
    [
        "docker.io", "index.docker.io", "library", "localhost", "a.example", "[::1]", "[fe80::1]", "5000", "65536", "99999999999",
        "latest", "busybox", "a", "A", "-", "_", "__", ".", "..", ":", "@",
        "/", "//", "sha256:" + new string('0', 64), "sha512:" + new string('f', 128), new('a', 64), new('a', 63), "linux/amd64", "arm64",
        "v8", "xn--a", "é", "[", "]", "[::::]", "0", "127.0.0.1",
        "Bearer ", "Basic ", "realm=", "\"", "\\", ",", "=",
    ];

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        .. new[]
        {
            "busybox", "docker.io/library/busybox:latest", "a.example:5000/team/app:v1@sha256:" + new string('0', 64), "localhost/x",
            "[::1]:5000/a/b__c.d-e:1",
            "library/localhost/x@sha512:" + new string('f', 128), "linux/arm64/v8", "sha256:" + new string('1', 64), new string('a', 64),
            "A/b",
            "Bearer realm=\"https://auth.example/token\",service=\"s\", Basic realm=\"a\\\"b\"",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Chance chance) =>
        TextMutation.Apply(input, other, _words, ":/@.-_,=\" ", chance);

    public override string Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var outcome = new StringBuilder();
        if (Digest.TryParse(text, out var digest))
        {
            outcome.Append("digest ");
            Oracle.Holds(Digest.Parse(digest.ToString()) == digest, "a digest is not what it says");
            Oracle.Holds($"{digest.Algorithm}:{digest.Hex}" == text, "a digest has other parts");
        }

        if (Platform.TryParse(text) is { } platform)
        {
            outcome.Append("platform ");
            Oracle.Holds(Platform.TryParse(platform.ToString()) == platform && platform.Runs(platform), "a platform is not what it says");
        }

        foreach (var challenge in Challenge.Parse(text))
        {
            outcome.Append(challenge.Parameters.Count > 2 ? "challenges " : "challenge ");
            Oracle.Holds(challenge.Scheme.Length > 0, "a challenge without a scheme");
        }

        if (ImageReference.TryParse(text, out var reference))
        {
            outcome.Append(reference.Digest is null ? "name " : "digested name ");
            Look(reference, text);
        }
        else
        {
            Refused(() => ImageReference.Parse(text), text);
        }

        return outcome.Length > 0 ? "accepted" : "nothing";
    }

    private static void Look(ImageReference reference, string text)
    {
        Oracle.Holds(ImageReference.Parse(reference.ToString()) == reference, "a name is not what it says");
        Oracle.Holds(ImageReference.Parse(reference.FamiliarName) == reference, "a familiar name is not what it says");
        Oracle.Holds(reference.FamiliarName.Length <= reference.ToString().Length, "a familiar name is longer");
        Oracle.Holds(!reference.ToString().Any(c => c is <= ' ' or > '~' or '\\'), "a name has characters that it should not have");
        Oracle.Holds(!$"/{reference.Repository}/".Contains("/../", StringComparison.Ordinal), "a name climbs");
        foreach (var candidate in _configuration.CandidatesFor(text))
        {
            Oracle.Holds(ImageReference.Parse(candidate.ToString()) == candidate, "a candidate is not what it says");
            try
            {
                new RegistryClient(candidate, new()).Dispose();
            }
            catch (RegistryException e)
            {
                Oracle.Refusal(e);
                Oracle.Holds(e.Message.Contains(candidate.Registry, StringComparison.Ordinal), "the error does not name the registry");
            }
        }
    }

    private static void Refused(Action parse, string text)
    {
        try
        {
            parse();
        }
        catch (FormatException e)
        {
            Oracle.Holds(e.Message.Contains(text, StringComparison.Ordinal), "the error does not name the text");
            return;
        }

        throw new OracleException("accepted and refused");
    }
}
