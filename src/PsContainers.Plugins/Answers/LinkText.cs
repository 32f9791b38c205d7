using System.Text;
using System.Text.RegularExpressions;

namespace PsContainers.Plugins.Answers;

/// <summary>Names that the kernel and resolv.conf(5) take. Each check returns what is wrong, or null.</summary>
internal static partial class LinkText
{
    private const int LongestName = 15; // IFNAMSIZ - 1

    /// <summary>As dev_valid_name() of the kernel, and without what a terminal would obey.</summary>
    public static string? NameBreach(string name) => name switch
    {
        "" or "." or ".." => "not a name of a link",
        _ when Encoding.UTF8.GetByteCount(name) > LongestName => $"longer than {LongestName} bytes",
        _ when name.Any(letter => letter is '/' or ':' || char.IsWhiteSpace(letter) || char.IsControl(letter)) =>
            "a link's name has no '/', ':' or blank",
        _ => null,
    };

    public static string? MacBreach(string address) => Mac().IsMatch(address) ? null : "not a MAC address such as 02:42:0a:5a:00:02";

    public static string? DomainBreach(string domain) => domain.Length <= 253 && Domain().IsMatch(domain) ? null : "not a domain";

    [GeneratedRegex(@"^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?\z")]
    private static partial Regex Domain();
}
