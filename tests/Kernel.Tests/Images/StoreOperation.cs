using PsContainers.Engine;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>Something that a user does with a store, as a command and as a call.</summary>
/// <param name="Command">With {remote}, {destination}, {archive} and {target} in it.</param>
/// <param name="Subject">What a message about it has to name.</param>
/// <param name="IsDone">Whether it was, all of it.</param>
internal sealed record StoreOperation(
    string Command,
    Func<StoreCopy, string> Subject,
    Action<StoreCopy, ContainerServices> Execute,
    Func<StoreCopy, ContainerServices, bool> IsDone)
{
    private static readonly Dictionary<string, StoreOperation> _all = new()
    {
        ["Receive"] = new(
            "Receive-ContainerImage {remote} -AllowInsecure",
            copy => copy.Sample.Remote,
            (copy, services) => services.ReceiveImage.Execute(
                new ImageReception { Name = copy.Sample.Remote, Access = SampleStore.Insecure }),
            (copy, services) => Has(services, copy.Sample.Remote)),
        ["Publish"] = new(
            "Publish-ContainerImage second:1 {destination} -AllowInsecure",
            copy => SampleStore.Second,
            (copy, services) => services.PublishImage.Execute(
                new ImagePublication { Image = SampleStore.Second, Destination = copy.Destination, Access = SampleStore.Insecure }),
            (copy, services) => copy.IsPublished()),
        ["Import"] = new(
            "Import-ContainerImage '{archive}'",
            copy => copy.Sample.Archive,
            (copy, services) => services.ImportImage.Execute(new ImageImport { Path = copy.Sample.Archive }),
            (copy, services) => Has(services, "incoming:1")),
        ["Convert"] = new(
            "ConvertTo-ContainerImage changed committed:1",
            copy => SampleStore.Container,
            (copy, services) => services.CommitContainer.Execute(SampleStore.Container, new ContainerCommit { Name = "committed:1" }),
            (copy, services) => Has(services, "committed:1")),
        ["Remove"] = new(
            "Remove-ContainerImage second:1",
            copy => SampleStore.Second,
            (copy, services) => services.RemoveImage.Execute(SampleStore.Second),
            (copy, services) => !Has(services, SampleStore.Second)),
        ["Clear"] = new(
            "Clear-ContainerStorage -Force",
            copy => "",
            (copy, services) => StoreCopy.Clear(services),
            (copy, services) => services.FindReclaimable.Execute(named: false).Count == 0 && !Has(services, SampleStore.Second))
        {
            Prepare = (copy, services) =>
            {
                services.RemoveImageTag.Execute(SampleStore.Second);
                Directory.CreateDirectory(Path.Join(copy.Paths.Ingest, "left", "by", "somebody"));
                Directory.CreateDirectory(copy.Paths.Downloads);
                File.WriteAllText(Path.Join(copy.Paths.Downloads, $"sha256-{new string('a', 64)}.part"), "part");
                File.WriteAllText(Path.Join(copy.Paths.Downloads, $"sha256-{new string('a', 64)}.lock"), "");
            },
        },
        ["Export"] = Exporting(ContainerImageFormat.DockerArchive),
        ["ExportFolder"] = Exporting(ContainerImageFormat.OciLayout),
    };

    /// <summary>What is done to the copy before.</summary>
    internal Action<StoreCopy, ContainerServices>? Prepare { get; private init; }

    /// <summary>Whether it takes away `second`.</summary>
    internal bool Removes => Command.StartsWith("Remove", StringComparison.Ordinal) || Prepare is not null;

    internal bool IsExport => Command.StartsWith("Export", StringComparison.Ordinal);

    internal bool NeedsRegistry => Command.EndsWith("-AllowInsecure", StringComparison.Ordinal);

    internal static StoreOperation Of(string name) => _all[name];

    internal string CommandOn(StoreCopy copy) => Command
        .Replace("{remote}", copy.Sample.Remote, StringComparison.Ordinal)
        .Replace("{destination}", copy.Destination, StringComparison.Ordinal)
        .Replace("{archive}", copy.Sample.Archive, StringComparison.Ordinal)
        .Replace("{target}", copy.Target, StringComparison.Ordinal);

    private static StoreOperation Exporting(ContainerImageFormat format) => new(
        $"Export-ContainerImage {SampleStore.Second} '{{target}}' -Format {format} -Force",
        copy => copy.Target,
        (copy, services) => services.ExportImage.Execute(
            new ImageExport { Images = [SampleStore.Second], Path = copy.Target, Format = format, Overwrite = true }),
        (copy, services) => Path.Exists(copy.Target));

    private static bool Has(ContainerServices services, string name) =>
        services.GetImages.Execute().Any(image => image.Names.Contains(name));
}
