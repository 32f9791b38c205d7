using System.Net;
using System.Text;
using PsContainers.Fuzz.Mutation;
using PsContainers.Images;
using PsContainers.Images.Registry;
using PsContainers.Images.Tests.Registry;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Fuzz.Targets;

/// <summary>Asks a registry, and the token server that it names, for whatever a registry is asked for.</summary>
/// <remarks>
/// The first byte of an input says what for. The answers follow, one for each request, and the last for all further ones; in them
/// `{auth}` stands for what the client has shown, `{plain}` for the password.
/// </remarks>
internal sealed class AnswerTarget : FuzzTarget
{
    private const string Registry = "registry.test";
    private const string Password = "pass/word!Zq";
    private const string Separator = "\n%%\n";
    private const int MaximumRequests = 500;

    private static readonly byte[] _blob = "sixteen bytes ok"u8.ToArray();
    private static readonly Digest _digest = Digest.Of(_blob);
    private static readonly ImageReference _image = ImageReference.Parse($"{Registry}/team/app:v1");
    private static readonly string[] _secrets =
        [Password, Uri.EscapeDataString(Password), Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Password}"))];

    private static readonly string[] _words =
    [
        "{auth}", "{plain}", "200", "201", "202", "204", "206", "301", "302", "307", "400", "401", "403", "404", "416", "429", "500",
        "503", "\r\n", "\r\n\r\n", ": ", "0", "16",
        "Content-Length: ", "Content-Type: ", "Docker-Content-Digest: ", "Location: ", "Link: ", "Range: ", "Content-Range: ",
        "Retry-After: ", "Warning: 299 - \"{plain}\"\r\n",
        "WWW-Authenticate: Bearer realm=\"", "WWW-Authenticate: Basic\r\n", "Transfer-Encoding: chunked\r\n",
        "Content-Encoding: gzip\r\n", "http://registry.test/", "http://169.254.169.254/",
        "http://[::1]:80/", "https://", "file:///", "/v2/", "//", "realm", "service", "scope", "=\"", "\"", ",", ";", "rel=next", "<",
        ">", _digest.ToString(), "sha256:zz", "99999999999999999999",
        "HTTP/1.0 ", "HTTP/1.1 101 x\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "{\"token\":\"t\"}", "{\"token\":\"{plain}\"}",
        "{\"errors\":[{\"code\":\"{plain}\",\"message\":\"{auth}\"}]}",
    ];

    public override IReadOnlyList<byte[]> Seeds()
    {
        var manifest = Encoding.UTF8.GetString(ImageDocument.Write(new ImageManifest
        {
            SchemaVersion = 2,
            Config = new() { MediaType = MediaTypes.Config, Digest = _digest, Size = 16 },
            Layers = [],
        }));
        var digest = $"Docker-Content-Digest: {Digest.Of(Encoding.UTF8.GetBytes(manifest))}";
        var content = $"Content-Type: {MediaTypes.Manifest}";
        var bearer = Answer(401, "", "WWW-Authenticate: Bearer realm=\"http://auth.test/token\",service=\"s\",scope=\"a:b:pull\"");
        var token = Answer(200, """{"token":"t","expires_in":300}""", "Content-Type: application/json");
        return
        [
            Seed(0, Answer(200, manifest, content, digest)),
            Seed(0, bearer, token, Answer(200, manifest, content, digest)),
            Seed(0, Answer(401, "", "WWW-Authenticate: Basic realm=\"r\""), Answer(200, manifest, content)),
            Seed(0, Answer(307, "", "Location: /v2/elsewhere"), Answer(200, manifest)),
            Seed(1, Answer(200, "", content, digest, "Warning: 299 - \"soon\"")),
            Seed(2, Answer(200, """{"tags":["a"]}""", "Link: </v2/b>; rel=\"next\""), Answer(200, """{"tags":["b"]}""")),
            Seed(3, Answer(200, Encoding.UTF8.GetString(_blob))),
            Seed(4, Answer(200, manifest, content)),
            Seed(5, bearer, token, Answer(200, "{}")),
            Seed(6, Answer(200, """{"results":[{"name":"a","star_count":1}]}""", "Content-Type: application/json")),
            Seed(6, Answer(404, ""), Answer(200, """{"repositories":["a"]}""")),
            Seed(7, Answer(202, "", "Location: /v2/team/app/blobs/uploads/1", "Range: 0-0"), Answer(201, "")),
            Seed(8, Answer(201, "")),
            Seed(9, Answer(201, "")),
            Seed(10, Answer(200, "", "Content-Length: 16")),
        ];
    }

    public override byte[] Mutate(byte[] input, byte[] other, Chance chance) =>
    [
        chance.OneIn(10) ? (byte)chance.Below(11) : KindOf(input),
        .. TextMutation.Apply(
            ContentOf(input), ContentOf(other), _words, " \n\",;=<>:%",
            chance),
    ];

    public override string Run(byte[] input)
    {
        var warnings = new List<string>();
        try
        {
            AskAsync(KindOf(input), Settings(input, warnings)).WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
            warnings.ForEach(warning => Conceals(warning, "a warning"));
            return "accepted";
        }
        catch (RegistryException e)
        {
            Oracle.Holds(e.Message.StartsWith($"registry {Registry}: ", StringComparison.Ordinal), "the error does not name the registry");
            Oracle.Holds(
                KindOf(input) is 5 or 6 || e.Message.Contains($"{Registry}/team/app", StringComparison.Ordinal),
                "the error does not name the repository");
            Conceals(e.ToString(), "an error");
            Conceals(e.Code ?? "", "the code of an error");
            return Oracle.Refusal(e);
        }
        catch (ImageFormatException e)
        {
            Conceals(e.ToString(), "an error");
            return Oracle.Refusal(e);
        }
    }

    private static void Conceals(string text, string what) =>
        Oracle.Holds(!Array.Exists(_secrets, secret => text.Contains(secret, StringComparison.Ordinal)), $"{what} tells the password");

    private static RegistrySettings Settings(byte[] input, List<string> warnings)
    {
        var answers = Encoding.Latin1.GetString(ContentOf(input)).Split(Separator);
        var count = -1;
        byte[] Next(string head) => ++count > MaximumRequests ? [] : Encoding.Latin1.GetBytes(answers[Math.Min(count, answers.Length - 1)]
            .Replace("{auth}", Shown(head), StringComparison.Ordinal)
            .Replace("{plain}", Password, StringComparison.Ordinal));
        return new()
        {
            AllowInsecure = true,
            Attempts = 2,
            Time = new HastyTime(),
            Proxy = new WebProxy(),
            Credential = new("ann", Password),
            Warn = warnings.Add,
            Network = new()
            {
                // A documentation network: of the internet, and nobody's.
                Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("198.51.100.1")]),
                Connect = (_, _) => Task.FromResult<Stream>(new ScriptedStream(Next)),
            },
        };
    }

    private static string Shown(string head) => head.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith("Authorization: ", StringComparison.Ordinal))?["Authorization: ".Length..] ?? "";

    private static async Task AskAsync(int what, RegistrySettings settings)
    {
        if (what is 5 or 6)
        {
            var host = new RegistryHost(Registry, settings);
            await (what == 5 ? host.PingAsync() : host.SearchAsync("a"));
            return;
        }

        using var client = new RegistryClient(_image, settings);
        var blob = new Descriptor { MediaType = MediaTypes.Layer, Digest = _digest, Size = _blob.Length };
        await (what switch
        {
            1 => client.HeadManifestAsync(),
            2 => client.ListTagsAsync(),
            3 => ReadAsync(client, blob),
            4 => RemoteImage.FindAsync(client, Platform.Current, CancellationToken.None),
            7 => client.PushBlobAsync(blob, (_, offset, _) => Task.FromResult<Stream>(new MemoryStream(_blob[(int)offset..]))),
            8 => client.PutManifestAsync(MediaTypes.Manifest, _blob),
            9 => client.MountBlobAsync(_digest, "team/other"),
            10 => client.HasBlobAsync(_digest),
            _ => client.GetManifestAsync(),
        });
    }

    private static async Task ReadAsync(RegistryClient client, Descriptor blob)
    {
        await using var stream = await client.OpenBlobAsync(blob);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Oracle.Holds(read.ToArray().AsSpan().SequenceEqual(_blob), "another blob was taken for it");
    }

    private static string Answer(int status, string body, params string[] headers)
    {
        var hasLength = headers.Any(header => header.StartsWith("Content-Length", StringComparison.Ordinal));
        string[] all = hasLength ? headers : [.. headers, $"Content-Length: {body.Length}"];
        return $"HTTP/1.1 {status} Status\r\n{string.Concat(all.Select(header => $"{header}\r\n"))}\r\n{body}";
    }

    private static byte[] Seed(byte what, params string[] answers) => [what, .. Encoding.Latin1.GetBytes(string.Join(Separator, answers))];
}
