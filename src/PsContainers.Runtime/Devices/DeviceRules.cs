using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Devices;

/// <summary>Which devices a container may use: the answer for all, and rules of which the last that matches wins.</summary>
public sealed record DeviceRules(bool AllowByDefault, IReadOnlyList<DeviceRule> Rules)
{
    /// <summary>Nothing is forbidden, so there is nothing to enforce.</summary>
    public bool AllowsEverything => AllowByDefault && Rules.All(r => r.Allow);

    /// <summary>The given rules, with the devices that every container has added as runc and crun add them.</summary>
    public static DeviceRules Effective(IReadOnlyList<LinuxDeviceCgroup>? given)
    {
        var allow = false;
        var rules = new List<DeviceRule>();
        foreach (var (index, entry) in (given ?? []).Concat(DefaultDevices.Rules).Index())
        {
            DeviceRule[] parsed = [.. DeviceRule.Of(entry, $"linux.resources.devices[{index}]")];
            if (parsed is [{ Major: null, Minor: null, Access: DeviceAccess.All }, _])
            {
                // A rule about everything makes those before it void.
                allow = entry.Allow;
                rules.Clear();
            }
            else
            {
                rules.AddRange(parsed);
            }
        }

        return new DeviceRules(allow, rules);
    }

    /// <summary>The same as exceptions from the default, in no order: all that the version 1 controller can express.</summary>
    public IReadOnlyList<DeviceRule> Exceptions()
    {
        var exceptions = new List<DeviceRule>();
        foreach (var rule in Rules)
        {
            if (rule.Allow == AllowByDefault)
            {
                TakeBack(exceptions, rule);
            }
            else
            {
                Add(exceptions, rule);
            }
        }

        return exceptions;
    }

    private static void Add(List<DeviceRule> exceptions, DeviceRule rule)
    {
        var known = exceptions.FindIndex(e => e.Kind == rule.Kind && e.Major == rule.Major && e.Minor == rule.Minor);
        if (known < 0)
        {
            exceptions.Add(rule);
        }
        else
        {
            exceptions[known] = rule with { Access = exceptions[known].Access | rule.Access };
        }
    }

    private static void TakeBack(List<DeviceRule> exceptions, DeviceRule rule)
    {
        for (var i = exceptions.Count - 1; i >= 0; i--)
        {
            var exception = exceptions[i];
            if (!rule.Overlaps(exception))
            {
                continue;
            }

            // The controller would take the write and change nothing: better to say that it cannot be done.
            if (!rule.Covers(exception))
            {
                throw new InvalidSettingException(
                    "linux.resources.devices", $"cgroup version 1 cannot take '{rule}' out of '{exception}'");
            }

            var rest = exception.Access & ~rule.Access;
            if (rest == 0)
            {
                exceptions.RemoveAt(i);
            }
            else
            {
                exceptions[i] = exception with { Access = rest };
            }
        }
    }
}
