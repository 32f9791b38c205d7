namespace PsContainers.Plugins.Conformance;

/// <summary>A file that is written into a volume, and looked for elsewhere.</summary>
internal static class TestFile
{
    private const string Name = "psc-test-file";

    /// <exception cref="CheckFailure">The volume's directory is none, or can't be written to.</exception>
    public static string? Write(string directory, string content)
    {
        if (!Directory.Exists(directory))
        {
            throw new CheckFailure($"{directory} is no directory");
        }

        try
        {
            File.WriteAllText(Path.Combine(directory, Name), content);
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckFailure(e.Message);
        }
    }

    /// <exception cref="CheckFailure">It is not there, or another one.</exception>
    public static void Expect(string directory, string content)
    {
        var path = Path.Combine(directory, Name);
        var seen = File.Exists(path) ? File.ReadAllText(path) : throw new CheckFailure($"{path} is not there");
        if (seen != content)
        {
            throw new CheckFailure($"{path} holds another content than was written");
        }
    }

    public static IEnumerable<string> Find(string folder) => Directory.EnumerateFiles(folder, Name, SearchOption.AllDirectories);
}
