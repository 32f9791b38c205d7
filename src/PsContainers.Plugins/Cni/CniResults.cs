using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Drivers;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Cni;

/// <summary>Turns what a chain of plugins answered into what the contract knows. Pure.</summary>
internal static class CniResults
{
    /// <exception cref="DriverException">It is no such result, or larger than what the engine keeps.</exception>
    public static AttachmentResult Of(JsonNode answer, AttachmentRequest request, string subject)
    {
        var state = answer.ToJsonString();
        if (System.Text.Encoding.UTF8.GetByteCount(state) is var size and > AnswerCheck.LargestState)
        {
            throw new DriverException(
                $"{subject}: the result of the CNI plugins has {size} bytes, more than {AnswerCheck.LargestState}", DriverErrorKind.Failed);
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
