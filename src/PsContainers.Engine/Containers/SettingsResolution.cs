using PsContainers.Engine.Errors;
using PsContainers.Engine.Isolation;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci;
using PsContainers.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>Decides what a container will run, and as what: the request over the image's defaults, with Docker's precedence.</summary>
internal static class SettingsResolution
{
    private const int LongestHostname = 63;

    public static ContainerSettings Resolve(ContainerCreation creation, ContainerConfig image)
    {
        CheckHostname(creation.Hostname);
        var workingDirectory = creation.WorkingDirectory ?? NotEmpty(image.WorkingDir) ?? "/";
        if (workingDirectory[..Math.Min(1, workingDirectory.Length)] != "/" || workingDirectory.Contains('\0', StringComparison.Ordinal))
        {
            throw EngineErrors.InvalidWorkingDirectory(workingDirectory);
        }

        var settings = new ContainerSettings
        {
            Arguments = Arguments(creation, image),
            Environment = Environment(creation, image),
            User = User(creation, image),
            WorkingDirectory = workingDirectory,
            Hostname = creation.Hostname,
            Network = NetworkMode.None,
            Memory = creation.Memory,
            MemorySwap = creation.MemorySwap,
            MemoryReservation = creation.MemoryReservation,
            Cpus = creation.Cpus,
            CpuShares = creation.CpuShares,
            CpuSet = creation.CpuSet,
            PidsLimit = creation.PidsLimit,
            StorageSize = creation.StorageSize,
            ReadOnly = creation.ReadOnly,
            Init = creation.Init,
            Tty = creation.Tty,
            Labels = Labels(creation, image),
            StopSignal = creation.StopSignal is { } signal
                ? SignalName.Find(signal) ?? throw EngineErrors.InvalidSignal(signal)
                : StopSignal.Parse(image.StopSignal),
        };
        LimitSettings.Check(settings);
        return IsolationSettings.Resolve(NetworkSelection.Apply(settings, creation, image), creation);
    }

    // An entry point of one's own drops the image's command: it was meant for the image's entry point.
    private static List<string> Arguments(ContainerCreation creation, ContainerConfig image)
    {
        var entrypoint = creation.Entrypoint ?? image.Entrypoint ?? [];
        var command = creation.Command is { Count: > 0 } given ? given : creation.Entrypoint is null ? image.Cmd ?? [] : [];
        var arguments = new List<string>(entrypoint.Count + command.Count);

        // One empty text is how an entry point is taken away on a command line.
        if (entrypoint is not [""])
        {
            arguments.AddRange(entrypoint);
        }

        arguments.AddRange(command);
        if (arguments.Count == 0 || arguments[0].Length == 0)
        {
            throw EngineErrors.ImageCommandMissing(creation.Image);
        }

        return arguments.Find(argument => argument.Contains('\0', StringComparison.Ordinal)) is { } broken
            ? throw EngineErrors.InvalidArgument(broken, "an argument contains a NUL character")
            : arguments;
    }

    private static IReadOnlyList<string> Environment(ContainerCreation creation, ContainerConfig image)
    {
        var environment = new EnvironmentList();
        environment.Set("PATH", DefaultRuntimeSpec.Path);
        environment.SetAll(image.Env ?? []);
        foreach (var (name, value) in creation.Environment ?? new Dictionary<string, string>())
        {
            environment.Set(name, value);
        }

        return environment.ToList();
    }

    private static string User(ContainerCreation creation, ContainerConfig image)
    {
        var user = NotEmpty(creation.User) ?? image.User ?? "";
        return user.Count(':') <= 1 && !user.AsSpan().ContainsAny('\0', '\n', '/') && !user.StartsWith(':')
            ? user
            : throw EngineErrors.InvalidUser(user);
    }

    private static Dictionary<string, string> Labels(ContainerCreation creation, ContainerConfig image)
    {
        var labels = new Dictionary<string, string>(image.Labels ?? new Dictionary<string, string>());
        foreach (var (key, value) in creation.Labels ?? new Dictionary<string, string>())
        {
            labels[key] = value;
        }

        return labels;
    }

    // sethostname(2) takes 64 bytes; RFC 1123 says which.
    private static void CheckHostname(string? hostname)
    {
        if (hostname is null)
        {
            return;
        }

        var isValid = hostname.Length is > 0 and <= LongestHostname && hostname[0] is not ('-' or '.');
        if (!isValid || !hostname.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw EngineErrors.InvalidHostname(hostname);
        }
    }

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
