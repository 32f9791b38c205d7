using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Engine.Images;

/// <summary>The object that scripts see, made of a difference between two trees.</summary>
internal static class ChangeModel
{
    public static ContainerChange Of(LayerChange change, string source) => new()
    {
        Source = source,
        Kind = change.Kind switch
        {
            LayerChangeKind.Added => ContainerChangeKind.Added,
            LayerChangeKind.Deleted => ContainerChangeKind.Deleted,
            _ => ContainerChangeKind.Modified,
        },
        Path = "/" + change.Path,
        Type = change.Status.Kind == FileKind.Regular ? "File" : change.Status.Kind.ToString(),
        Size = change.Status.Kind == FileKind.Regular ? change.Status.Size : 0,
    };
}
