using System.Globalization;
using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Oci.Runtime.Reading;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Systemd;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`update`: other limits for a container, from options or as the JSON that config.json has at linux.resources.</summary>
internal static class UpdateCommand
{
    private static readonly OptionSyntax _syntax = new OptionSyntax()
        .Value("--resources", "-r").Value("--blkio-weight")
        .Value("--cpu-period").Value("--cpu-quota").Value("--cpu-burst").Value("--cpu-share").Value("--cpu-rt-period")
        .Value("--cpu-rt-runtime").Value("--cpuset-cpus").Value("--cpuset-mems").Value("--cpu-idle")
        .Value("--kernel-memory").Value("--kernel-memory-tcp").Value("--memory", "-m").Value("--memory-reservation")
        .Value("--memory-swap").Value("--pids-limit").Value("--l3-cache-schema").Value("--mem-bw-schema");

    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, _syntax);
        words.RefuseMoreThan(1);
        var container = new RuntimeStore(global.Root).Open(words.Id("update"));
        if (container.Status() is "stopped")
        {
            throw new CommandLineException($"container not running: cannot update {container.Container.Id}");
        }

        foreach (var schema in new[] { "--l3-cache-schema", "--mem-bw-schema" })
        {
            if (words.Value(schema) is { Length: > 0 })
            {
                throw new CommandLineException($"{schema} cannot be changed after a container was made");
            }
        }

        var resources = words.Value("--resources") is { } file ? Read(file) : Compose(words);
        var update = CgroupUpdate.Apply(CgroupHierarchies.OfSelf(), container.Container.CgroupsPath, resources);
        if (container.Container.Scope is { } scope)
        {
            Tell(scope, update);
        }

        return 0;
    }

    // After the kernel took them all. What systemd does not take must not stay either: it would be gone with systemd's next reload.
    private static void Tell(SystemdScope scope, CgroupUpdate update)
    {
        try
        {
            using var units = SystemdUnits.Connect();
            units.SetLimits(scope, update.Written());
        }
        catch
        {
            update.Undo();
            throw;
        }
    }

    private static LinuxResources Read(string path)
    {
        try
        {
            return RuntimeSpecReader.ReadResources(Configuration.ReadBounded(path));
        }
        catch (JsonException e)
        {
            throw new InvalidSettingException(path, e.Message);
        }
    }

    // A group of limits of which none is named stays null: an empty one would ask for its controller.
    private static LinuxResources Compose(CommandWords words)
    {
        var memory = new LinuxMemory
        {
            Limit = Bytes(words, "--memory"),
            Swap = Bytes(words, "--memory-swap"),
            Reservation = Bytes(words, "--memory-reservation"),
            Kernel = Bytes(words, "--kernel-memory"),
            KernelTcp = Bytes(words, "--kernel-memory-tcp"),
        };
        var cpu = new LinuxCpu
        {
            Shares = (ulong?)Count(words, "--cpu-share"),
            Quota = Count(words, "--cpu-quota"),
            Burst = (ulong?)Count(words, "--cpu-burst"),
            Period = (ulong?)Count(words, "--cpu-period"),
            RealtimeRuntime = Count(words, "--cpu-rt-runtime"),
            RealtimePeriod = (ulong?)Count(words, "--cpu-rt-period"),
            Cpus = words.Value("--cpuset-cpus"),
            Mems = words.Value("--cpuset-mems"),
            Idle = Count(words, "--cpu-idle"),
        };
        return new LinuxResources
        {
            Memory = memory == new LinuxMemory() ? null : memory,
            Cpu = cpu == new LinuxCpu() ? null : cpu,
            Pids = Count(words, "--pids-limit") is { } pids ? new LinuxPids(pids) : null,
            BlockIo = Count(words, "--blkio-weight") is { } weight ? new LinuxBlockIo { Weight = Weight(weight) } : null,
        };
    }

    private static ushort Weight(long weight) => weight is >= 0 and <= ushort.MaxValue
        ? (ushort)weight
        : throw new CommandLineException($"'{weight}' is no weight for option --blkio-weight");

    private static long? Count(CommandWords words, string option) => words.Value(option) is not { Length: > 0 } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= -1
        ? number
        : throw new CommandLineException($"'{text}' is no number for option {option}");

    // As runc reads it: 64M and 64m are 64 MiB.
    private static long? Bytes(CommandWords words, string option)
    {
        if (words.Value(option) is not { Length: > 0 } text)
        {
            return null;
        }

        var shift = char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        return long.TryParse(
                shift == 0 ? text : text[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= -1 && number <= long.MaxValue >> shift
            ? number < 0 ? -1 : number << shift
            : throw new CommandLineException($"'{text}' is no number of bytes for option {option}");
    }
}
