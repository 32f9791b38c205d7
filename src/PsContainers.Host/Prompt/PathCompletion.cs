using System.Buffers;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PsContainers.Host.Prompt;

/// <summary>Completes the word at the cursor as a path.</summary>
/// <remarks>PowerShell's own way needs Resolve-Path of its Management module, which is on no package feed.</remarks>
internal static class PathCompletion
{
    private static readonly SearchValues<char> _needsQuotes = SearchValues.Create(" '\"`$&|;,(){}<>@#");

    /// <returns>No matches when the word is the beginning of no path.</returns>
    public static CommandCompletion Of(string text, int cursor, string directory)
    {
        Parser.ParseInput(text, out var tokens, out _);
        var token = Array.FindLast(tokens, one => one.Extent.StartOffset < cursor && cursor <= one.Extent.EndOffset);
        var (word, start) = token switch
        {
            // A quote that is still open takes the rest of the text, up to the cursor here.
            StringToken quoted and (StringLiteralToken or StringExpandableToken) => (quoted.Value, token.Extent.StartOffset),
            { Kind: TokenKind.Generic or TokenKind.Identifier or TokenKind.Divide or TokenKind.Dot } =>
                (token.Text, token.Extent.StartOffset),
            null when cursor > 0 && char.IsWhiteSpace(text[cursor - 1]) => ("", cursor),
            _ => (null, cursor),
        };
        var matches = word is null ? [] : Matches(word, directory).ToList();
        return new CommandCompletion(new Collection<CompletionResult>(matches), currentMatchIndex: -1, start, cursor - start);
    }

    private static IEnumerable<CompletionResult> Matches(string word, string directory)
    {
        var slash = word.LastIndexOf('/') + 1;
        var (typedFolder, beginning) = (word[..slash], word[slash..]);
        var folder = Path.Combine(directory, WithHome(typedFolder));
        if (!Directory.Exists(folder))
        {
            return [];
        }

        // Hidden ones when asked for; what may not be listed has nothing to offer.
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
        return new DirectoryInfo(folder).EnumerateFileSystemInfos("*", options)
            .Where(entry => entry.Name.StartsWith(beginning, StringComparison.Ordinal) && (beginning.Length > 0 || entry.Name[0] != '.'))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => Result(typedFolder, entry));
    }

    private static CompletionResult Result(string folder, FileSystemInfo entry)
    {
        var isFolder = Directory.Exists(entry.FullName);
        var name = isFolder ? entry.Name + "/" : entry.Name;
        var kind = isFolder ? CompletionResultType.ProviderContainer : CompletionResultType.ProviderItem;
        return new CompletionResult(Quoted(folder + name), name, kind, entry.FullName);
    }

    private static string Quoted(string path) => path.AsSpan().ContainsAny(_needsQuotes)
        ? $"'{path.Replace("'", "''", StringComparison.Ordinal)}'"
        : path;

    private static string WithHome(string folder) => folder.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), folder[2..])
        : folder;
}
