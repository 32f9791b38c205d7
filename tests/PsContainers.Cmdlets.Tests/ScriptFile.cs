namespace PsContainers.Cmdlets.Tests;

/// <summary>A script on disk for the time of a test.</summary>
internal sealed class ScriptFile : IDisposable
{
    public ScriptFile(string text) => File.WriteAllText(Path, text);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"psc-{Guid.NewGuid():N}.ps1");

    public void Dispose() => File.Delete(Path);
}
