using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;
using static PsContainers.Plugins.Answers.AnswerRule;

namespace PsContainers.Plugins.Answers;

/// <summary>Whether a network driver's answer is one that the engine may believe.</summary>
/// <remarks>Pure; each check returns the first thing that is wrong.</remarks>
internal static class AnswerCheck
{
    private const int MostLines = 10_000;

    public static JsonMismatch? Define(NetworkDefinition wanted, NetworkDefinition? answer) => answer is null
        ? Nothing
        : Kept("id", wanted.Id, answer.Id)
            ?? Kept("name", wanted.Name, answer.Name)
            ?? Kept("driver", wanted.Driver, answer.Driver)
            ?? First(answer.Subnets, "subnets", SubnetCheck.Of)
            ?? Optional(answer.Interface, "interface", LinkText.NameBreach)
            ?? Within(answer.Mtu, "mtu", 68, 65535)
            ?? Within(answer.Vlan, "vlan", 1, 4094)
            ?? answer.Options.Where(option => option.Value is null)
                .Select(option => new JsonMismatch($"options.{Abridged.Of(option.Key)}", "null is not a text"))
                .FirstOrDefault();

    public static JsonMismatch? Plan(AttachmentRequest request, AttachmentPlan? answer) => answer is null
        ? Nothing
        : (IsSame(request, answer.Request) ? null : new JsonMismatch("request", "differs from the one that was planned"))
            ?? State(answer.State);

    public static JsonMismatch? Attach(AttachmentRequest request, AttachmentResult? answer) => answer is null
        ? Nothing
        : Text(answer.Interface, "interface", LinkText.NameBreach)
            ?? Optional(answer.HostInterface, "hostInterface", LinkText.NameBreach)
            ?? Optional(answer.MacAddress, "macAddress", LinkText.MacBreach)
            ?? First(answer.Addresses, "addresses", (address, field) => Text(address, field, WithPrefix))
            ?? OfRequest(request.Addresses, answer.Addresses)
            ?? First(answer.Gateways, "gateways", (address, field) => Text(address, field, Address))
            ?? First(answer.NameServers, "nameServers", (address, field) => Text(address, field, Address))
            ?? First(answer.SearchDomains, "searchDomains", (domain, field) => Text(domain, field, LinkText.DomainBreach))
            ?? State(answer.State);

    /// <summary>Of <c>check</c> and <c>repair</c>.</summary>
    public static JsonMismatch? Lines(IReadOnlyList<string>? answer) => answer switch
    {
        null => Nothing,
        { Count: > MostLines } => new("", $"{answer.Count} lines, more than {MostLines}"),
        _ => First(answer, "", (line, field) => line is null ? new JsonMismatch(field, "null is not a text") : null),
    };

    // The engine gave these addresses to this container alone, and will give the others to somebody else.
    private static JsonMismatch? OfRequest(IReadOnlyList<string> wanted, IReadOnlyList<string> answered)
    {
        if (wanted.Count == 0)
        {
            return null;
        }

        var own = wanted.Select(AddressText.TryWithPrefix).ToList();
        var given = answered.Select(AddressText.TryWithPrefix).ToList();
        for (var i = 0; i < given.Count; i++)
        {
            if (!own.Contains(given[i]))
            {
                return new($"addresses[{i}]", $"\"{answered[i]}\": not an address of the request, which has {string.Join(", ", wanted)}");
            }
        }

        var missing = own.FindIndex(address => !given.Contains(address));
        return missing < 0 ? null : new("addresses", $"{wanted[missing]} of the request is not among them");
    }

    private static JsonMismatch? Within(int? number, string field, int least, int most) =>
        number is { } given && (given < least || given > most) ? new(field, $"{given} is not {least} to {most}") : null;

    private static bool IsSame(AttachmentRequest request, AttachmentRequest? answered) =>
        ReferenceEquals(request, answered)
        || (answered is not null && JsonElement.DeepEquals(Element(request), Element(answered)));

    private static JsonElement Element(AttachmentRequest request) =>
        JsonSerializer.SerializeToElement(request, DriverJson.Default.AttachmentRequest);

    private static string? WithPrefix(string text) => AddressText.TryWithPrefix(text) is null ? "not an address with a prefix" : null;

    private static string? Address(string text) => AddressText.TryAddress(text) is null ? "not an IP address" : null;
}
