namespace PsContainers.Images.Archives;

/// <summary>Says where something is being written for a user; it goes when that is done or given up.</summary>
internal sealed class TargetNote(string note, string path, string work) : IDisposable
{
    /// <summary>What the user wants written.</summary>
    internal string Path => path;

    /// <summary>The name it has until all of it is there: beside the other one, on the same file system.</summary>
    internal string Work => work;

    public void Dispose() => File.Delete(note);
}
