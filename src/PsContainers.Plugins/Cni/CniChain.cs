using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Cni;

/// <summary>The plugins of a network, and the commands that they know.</summary>
/// <param name="subject">What is worked on, in messages: <c>container web on network blue</c>.</param>
internal sealed class CniChain(NetworkList list, ProgramPath path, string subject)
{
    /// <summary>The highest version that all plugins speak and the configuration allows.</summary>
    /// <exception cref="DriverException">There is none, or one of the plugins or of their address programs is not there.</exception>
    public CniVersion Negotiate(Deadline deadline)
    {
        var common = new HashSet<CniVersion>();
        foreach (var (i, plugin) in list.Plugins.Index())
        {
            if (plugin.AddressType is { } addresses)
            {
                Program(addresses);
            }

            var spoken = Versions(plugin, deadline);
            common = i == 0 ? spoken : [.. common.Intersect(spoken)];
        }

        var fitting = common.Where(version => version.CompareTo(CniVersion.Oldest) >= 0 && version.CompareTo(list.Version) <= 0).ToList();
        return fitting.Count > 0
            ? fitting.Max()
            : throw new DriverException(
                $"{subject}: {string.Join(", ", list.Plugins.Select(plugin => plugin.Type).Distinct())} speak no version of CNI from "
                    + $"{CniVersion.Oldest} to {list.Version} in common",
                DriverErrorKind.Unsupported);
    }

    /// <summary>Asks each plugin whether it can take containers.</summary>
    public void RequireReady(Deadline deadline)
    {
        foreach (var plugin in list.Version.HasStatus ? list.Plugins : [])
        {
            Run(plugin, "STATUS", [], Request(plugin, null), deadline, default);
        }
    }

    /// <summary>Has each plugin do its part. What was done until one failed is still there then.</summary>
    /// <param name="failedAt">The plugin that failed; the count of them when none did.</param>
    /// <param name="result">What the last one that did not answered.</param>
    public void Add(CniAttachment attachment, Deadline deadline, CancellationToken cancellation, ref int failedAt, ref JsonNode? result)
    {
        for (failedAt = 0; failedAt < list.Plugins.Count; failedAt++)
        {
            var plugin = list.Plugins[failedAt];
            var request = Request(plugin, attachment.Runtime, ("prevResult", result));
            var outcome = Run(plugin, "ADD", attachment.Variables, request, deadline, cancellation);
            result = ReadResult(outcome, plugin);
        }
    }

    /// <summary>Has plugins give back what they took, from one of them to the first, and goes on past those that fail.</summary>
    /// <returns>What failed.</returns>
    public IReadOnlyList<DriverException> Delete(
        CniAttachment attachment, JsonNode? result, int last, Deadline deadline, CancellationToken cancellation)
    {
        var failures = new List<DriverException>();
        for (var i = Math.Min(last, list.Plugins.Count - 1); i >= 0; i--)
        {
            var plugin = list.Plugins[i];
            try
            {
                var request = Request(plugin, attachment.Runtime, ("prevResult", result));
                Run(plugin, "DEL", attachment.Variables, request, deadline.Share(i + 1), cancellation);
            }
            catch (DriverException e)
            {
                failures.Add(e);
            }
        }

        return failures;
    }

    /// <exception cref="DriverException">A plugin's part of it is not as it made it.</exception>
    public void Check(CniAttachment attachment, JsonNode? result, Deadline deadline, CancellationToken cancellation)
    {
        foreach (var plugin in list.Plugins)
        {
            var request = Request(plugin, attachment.Runtime, ("prevResult", result));
            Run(plugin, "CHECK", attachment.Variables, request, deadline, cancellation);
        }
    }

    /// <summary>Has each plugin give back all that belongs to none of these attachments.</summary>
    public void Collect(IEnumerable<(string Container, string Interface)> valid, Deadline deadline, CancellationToken cancellation)
    {
        var attachments = new JsonArray(
            [.. valid.Select(one => new JsonObject { ["containerID"] = one.Container, ["ifname"] = one.Interface })]);
        foreach (var (i, plugin) in list.Plugins.Index())
        {
            var request = Request(plugin, null, ("cni.dev/valid-attachments", attachments));
            Run(plugin, "GC", [], request, deadline.Share(list.Plugins.Count - i), cancellation);
        }
    }

    private byte[] Request(PluginConfiguration plugin, JsonObject? runtime, params (string Member, JsonNode? Value)[] more) =>
        plugin.Request(list.Name, list.Version, runtime, more);

    private HashSet<CniVersion> Versions(PluginConfiguration plugin, Deadline deadline)
    {
        var input = new JsonObject { ["cniVersion"] = CniVersion.Newest.ToString() };
        var outcome = Run(plugin, "VERSION", [], System.Text.Encoding.UTF8.GetBytes(input.ToJsonString()), deadline, default);
        try
        {
            var answer = JsonSerializer.Deserialize(outcome.Output, CniJson.Default.CniVersionAnswer);
            if (answer?.SupportedVersions is { } versions)
            {
                return [.. versions.Select(CniVersion.TryParse).OfType<CniVersion>()];
            }
        }
        catch (JsonException)
        {
            // Reported as what it is below.
        }

        throw Nonsense(plugin, "VERSION", outcome);
    }

    private JsonObject ReadResult(CniOutcome outcome, PluginConfiguration plugin)
    {
        JsonObject? result;
        try
        {
            result = JsonNode.Parse(outcome.Output, documentOptions: CniJson.Strictly) as JsonObject;
        }
        catch (JsonException)
        {
            result = null;
        }

        if (result is null)
        {
            throw Nonsense(plugin, "ADD", outcome);
        }

        var version = result["cniVersion"]?.ToString();
        return version == list.Version.ToString()
            ? result
            : throw new DriverException(
                $"{Named(plugin, "ADD")} answered in version {Abridged.Of(version ?? "\"\"")}, and was asked in {list.Version}",
                DriverErrorKind.Failed);
    }

    private DriverException Nonsense(PluginConfiguration plugin, string command, CniOutcome outcome)
    {
        var shown = System.Text.Encoding.UTF8.GetString(outcome.Output.AsSpan(0, Math.Min(outcome.Output.Length, 512)));
        return new(
            $"{Named(plugin, command)} answered with what is no {(command == "ADD" ? "result" : "list of versions")}: "
                + $"{Abridged.Of(shown)}{outcome.Words}",
            DriverErrorKind.Failed);
    }

    private CniOutcome Run(
        PluginConfiguration plugin,
        string command,
        IReadOnlyList<string> variables,
        byte[] request,
        Deadline deadline,
        CancellationToken cancellation)
    {
        var named = Named(plugin, command);
        var outcome = CniProcess.Run(
            Program(plugin.Type), [$"CNI_COMMAND={command}", $"CNI_PATH={path}", .. variables], request, named, deadline, cancellation);
        return CniErrors.IsError(outcome) ? throw CniErrors.Of(outcome, named) : outcome;
    }

    private string Program(string type)
    {
        try
        {
            return path.Find(type);
        }
        catch (DriverException e)
        {
            throw new DriverException($"{subject}: {e.Message}", e.Kind, e.Field, e);
        }
    }

    private string Named(PluginConfiguration plugin, string command) => $"{subject}: {command} of the CNI plugin {plugin.Type}";
}
