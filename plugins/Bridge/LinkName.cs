namespace PsContainers.Bridge;

/// <summary>Names of links that the kernel takes, and that are safe in the text of a firewall.</summary>
internal static class LinkName
{
    internal const string Rule = "it has 1 to 15 of A-Z, a-z, 0-9, '.', '-' and '_'";
    private const int Longest = 15;

    internal static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest
        && name is not ("." or ".." or "all" or "default" or "lo")
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
