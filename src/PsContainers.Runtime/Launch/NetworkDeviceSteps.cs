using System.Text;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>linux.netDevices as steps of the process that cloned the container, which is in the host's network namespace.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#network-devices</remarks>
internal static class NetworkDeviceSteps
{
    private const int LongestName = 15; // IFNAMSIZ − 1

    internal static IReadOnlyList<MoveNetworkDevice> Build(RuntimeSpec spec)
    {
        var steps = new List<MoveNetworkDevice>();
        foreach (var (name, device) in spec.Linux?.NetDevices ?? new Dictionary<string, LinuxNetDevice>())
        {
            var setting = $"linux.netDevices.{name}";
            if (!OwnNamespace.Has(spec, LinuxNamespaceType.Network))
            {
                throw new InvalidSettingException(setting, "needs a network namespace of the container's own in linux.namespaces");
            }

            Check(name, setting, mayBeTemplate: false);
            var newName = device?.Name is { Length: > 0 } given ? given : name;
            Check(newName, $"{setting}.name", mayBeTemplate: newName != name);
            if (!newName.EndsWith("%d", StringComparison.Ordinal) && steps.Any(step => step.NewName == newName))
            {
                throw new InvalidSettingException($"{setting}.name", $"another device is called {newName}, too");
            }

            steps.Add(new MoveNetworkDevice(name, newName));
        }

        return steps;
    }

    // dev_valid_name in net/core/dev.c; a template ends with its one %d.
    private static void Check(string name, string setting, bool mayBeTemplate)
    {
        var plain = mayBeTemplate && name.EndsWith("%d", StringComparison.Ordinal) ? name[..^2] : name;
        if (plain is "" or "." or ".." || Encoding.UTF8.GetByteCount(name) > LongestName
            || plain.Any(c => c is '/' or ':' or '%' || char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw new InvalidSettingException(setting, $"'{name}' is not the name of a network device");
        }
    }
}
