using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>A layer's archive, wherever it comes from.</summary>
/// <param name="name">For messages.</param>
internal abstract class LayerSource(string name)
{
    internal string Name => name;

    /// <summary>Of the archive as it is; known once it is open.</summary>
    internal abstract Digest Digest { get; }

    /// <summary>Whether the archive can be opened on any thread, and several at once, without anything being brought here.</summary>
    internal virtual bool IsIndependent => false;

    /// <summary>Brings the archive here as far as it must be to be read, and opens it.</summary>
    internal abstract Stream Open(ContentStaging content, CancellationToken stop);

    /// <summary>The archive as a blob of the staging, whole and checked.</summary>
    internal abstract Descriptor Finish(ContentStaging content);

    /// <summary>Why unpacking failed: the archive itself may be to blame.</summary>
    internal virtual string Blame(ImageFormatException failure) => failure.Message;
}
