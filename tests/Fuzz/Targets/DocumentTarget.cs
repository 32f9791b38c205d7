using System.Text;
using System.Text.Json;
using PsContainers.Fuzz.Mutation;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Registry;
using PsContainers.Oci;
using PsContainers.Oci.Distribution;

namespace PsContainers.Fuzz.Targets;

/// <summary>Reads manifests, indexes, configurations and answers. What is accepted is written, read and written to the same.</summary>
/// <remarks>The first byte of an input says as what.</remarks>
internal sealed class DocumentTarget : FuzzTarget
{
    private readonly IReadOnlyList<byte[]> _documents;

    public DocumentTarget(string scratch) => _documents = ImageSeeds.Documents(new Sandbox(scratch));

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        .. _documents.Where(document => !document.AsSpan().StartsWith("{\"imageLayout"u8))
            .Select(document => (byte[])[KindOf(Encoding.UTF8.GetString(document)), .. document]),
        Seed(4, """{"token":"abc","access_token":"def","expires_in":300,"issued_at":"2024-01-01T00:00:00Z"}"""),
        Seed(5, """{"errors":[{"code":"DENIED","message":"no","detail":{}}],"message":"m","error_description":"d"}"""),
        Seed(6, """{"name":"a","tags":["1",null,"latest"]}"""),
        Seed(7, """{"results":[{"name":"a","description":"b","star_count":3,"is_official":true}]}"""),
        Seed(8, """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"""),
        Seed(8, """{"layers":[]}"""),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Chance chance) =>
    [
        chance.OneIn(10) ? (byte)chance.Below(9) : KindOf(input),
        .. JsonMutation.Apply(ContentOf(input), ContentOf(other), chance),
    ];

    public override string Run(byte[] input)
    {
        try
        {
            Read(KindOf(input), ContentOf(input));
            return "accepted";
        }
        catch (Exception e) when (e is ImageFormatException || RegistryTask.FaultOf(e) is not null)
        {
            return Oracle.Refusal(e is ImageFormatException ? e : new RegistryException("r", "read it", RegistryTask.FaultOf(e)!, new()));
        }
    }

    private static byte[] Seed(byte kind, string text) => [kind, .. Encoding.UTF8.GetBytes(text)];

    private static byte KindOf(string text) => (byte)(text.Contains("\"manifests\"", StringComparison.Ordinal) ? 1
        : text.Contains("\"layers\":[", StringComparison.Ordinal) ? 0
        : text.Contains("\"rootfs\"", StringComparison.Ordinal) ? 2
        : text.StartsWith('[') ? 3 : 8);

    private static void Read(int kind, byte[] bytes)
    {
        switch (kind)
        {
            case 0:
                var manifest = Documents.Read(bytes, "the manifest", ImageDocument.ReadManifest);
                Same(ImageDocument.Write(manifest), written => ImageDocument.Write(ImageDocument.ReadManifest(written)));
                ContainerImageManifest.Check(manifest);
                break;
            case 1:
                var index = Documents.Read(bytes, "the index", ImageDocument.ReadIndex);
                Same(ImageDocument.Write(index), written => ImageDocument.Write(ImageDocument.ReadIndex(written)));
                Look(index);
                break;
            case 2:
                var config = Documents.Read(bytes, "the configuration", ImageDocument.ReadConfig);
                Same(ImageDocument.Write(config), written => ImageDocument.Write(ImageDocument.ReadConfig(written)));
                break;
            case 3:
                var shape = DockerArchiveJson.Default.DockerArchiveImageArray;
                Documents.Read(bytes, "the list", list => JsonSerializer.Deserialize(list, shape));
                break;
            case 4:
                _ = JsonSerializer.Deserialize(bytes, DistributionJson.Default.TokenAnswer)?.Bearer;
                break;
            case 5:
                JsonSerializer.Deserialize(bytes, DistributionJson.Default.ErrorList);
                break;
            case 6:
                JsonSerializer.Deserialize(bytes, DistributionJson.Default.TagList);
                break;
            case 7:
                JsonSerializer.Deserialize(bytes, DistributionJson.Default.SearchAnswer);
                break;
            default:
                Oracle.Holds(ManifestMediaType.IsKnown(ManifestMediaType.Of(null, bytes)), "a media type that nobody knows");
                break;
        }
    }

    private static void Look(ImageIndex index)
    {
        foreach (var entry in index.Manifests)
        {
            _ = IndexEntries.IsImage(entry);
            _ = ImageNames.Of(entry);
            if (entry.Platform is { } platform)
            {
                _ = Platform.Current.Runs(platform);
                _ = platform.ToString();
            }
        }
    }

    private static void Same(byte[] written, Func<byte[], byte[]> again) =>
        Oracle.Holds(written.AsSpan().SequenceEqual(again(written)), "written and read, it is not the same");
}
