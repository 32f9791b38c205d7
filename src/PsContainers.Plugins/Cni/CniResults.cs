using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Drivers;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Cni;

/// <summary>Turns what a chain of plugins answered into what the contract knows, and keeps it for them. Pure.</summary>
internal static class CniResults
{
    private const string Sandbox = "netns";
    private const string Kept = "result";

    /// <exception cref="DriverException">It is no such result, or larger than what the engine keeps.</exception>
    public static AttachmentResult Of(JsonNode answer, AttachmentRequest request, string subject)
    {
        var state = new JsonObject { [Sandbox] = request.NamespacePath, [Kept] = answer.DeepClone() }.ToJsonString();
        if (System.Text.Encoding.UTF8.GetByteCount(state) is var size and > AnswerRule.LargestState)
        {
            throw new DriverException(
                $"{subject}: the result of the CNI plugins has {size} bytes, more than {AnswerRule.LargestState}", DriverErrorKind.Failed);
        }

        var result = Read(answer, subject);
        var links = result.Interfaces ?? [];
        var inside = links.Where(link => !string.IsNullOrEmpty(link.Sandbox)).ToList();
        var own = inside.Find(link => link.Name == request.Interface) ?? (inside.Count == 1 ? inside[0] : null);
        IReadOnlyList<CniAddress> addresses = [.. (result.Ips ?? []).Where(address => IsInside(address, links))];
        return new AttachmentResult
        {
            Interface = own?.Name ?? request.Interface,

            // A bridge comes before the link that is its port.
            HostInterface = links.LastOrDefault(link => string.IsNullOrEmpty(link.Sandbox) && link.Name is { Length: > 0 })?.Name,
            MacAddress = own?.Mac is { Length: > 0 } mac ? mac : null,
            Addresses = [.. addresses.Select(address => address.Address ?? "")],
            Gateways = [.. addresses.Select(address => address.Gateway).Where(text => !string.IsNullOrEmpty(text)).Distinct()!],
            NameServers = [.. Texts(result.Dns?.Nameservers)],
            SearchDomains = [.. Texts([result.Dns?.Domain]).Concat(Texts(result.Dns?.Search)).Distinct()],
            State = state,
        };
    }

    /// <summary>What the plugins of an attachment answered, for their later commands; null when that isn't known.</summary>
    /// <remarks>
    /// Plugins compare the namespace's path in it with the one that they are given, and each call of the contract has another.
    /// </remarks>
    public static JsonNode? KeptOf(AttachmentRecord record)
    {
        JsonNode? state;
        try
        {
            state = record.Result?.State is { } text ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null; // plugins give back without it, too
        }

        var result = state?[Kept]?.DeepClone();
        if (record.Plan.Request.NamespacePath is { } path && result?["interfaces"] is JsonArray links)
        {
            foreach (var link in links.OfType<JsonObject>().Where(link => link["sandbox"]?.ToString() == state![Sandbox]?.ToString()))
            {
                link["sandbox"] = path;
            }
        }

        return result;
    }

    private static CniResult Read(JsonNode answer, string subject)
    {
        try
        {
            var result = answer.Deserialize(CniJson.Default.CniResult)!;
            if (!(result.Interfaces ?? []).Contains(null!) && !(result.Ips ?? []).Contains(null!))
            {
                return result;
            }
        }
        catch (JsonException e)
        {
            throw Odd(e.Path?.TrimStart('$', '.') ?? "", e);
        }

        throw Odd("interfaces or ips", null);

        DriverException Odd(string member, Exception? cause) => new(
            $"{subject}: the result of the CNI plugins has another shape than CNI's in {Abridged.Of(member)}",
            DriverErrorKind.Failed,
            cause: cause);
    }

    // Some plugins also tell of the address of the host's end.
    private static bool IsInside(CniAddress address, IReadOnlyList<CniInterface> links) =>
        address.Interface is not { } i || i < 0 || i >= links.Count || !string.IsNullOrEmpty(links[i].Sandbox);

    private static IEnumerable<string> Texts(IReadOnlyList<string?>? texts) => (texts ?? []).Where(text => !string.IsNullOrEmpty(text))!;
}
