using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Runtime;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Engine.Isolation;

/// <summary>What a request changes about the walls around a container, checked before anything is made.</summary>
internal static class IsolationSettings
{
    private const int MostOomScore = 1000;

    public static ContainerSettings Resolve(ContainerSettings settings, ContainerCreation creation)
    {
        var security = SecurityOptions.Parse(creation.SecurityOption);
        settings = settings with
        {
            Privileged = creation.Privileged,
            CapAdd = CapabilityChoice.Normalize(creation.CapAdd),
            CapDrop = CapabilityChoice.Normalize(creation.CapDrop),
            SecurityOptions = NotEmpty(creation.SecurityOption),
            Devices = NotEmpty(creation.Device),
            Sysctl = creation.Sysctl is { Count: > 0 } ? creation.Sysctl : null,
            Ulimits = creation.Ulimit is { Count: > 0 } ? creation.Ulimit : null,
            ShmSize = creation.ShmSize,
            OomScoreAdj = creation.OomScoreAdj,
            UserNamespace = NamespaceChoice.ParseUser(nameof(creation.UserNamespace), creation.UserNamespace).ToString(),
            PidNamespace = NamespaceChoice.Parse(nameof(creation.PidNamespace), creation.PidNamespace).ToString(),
            IpcNamespace = NamespaceChoice.Parse(nameof(creation.IpcNamespace), creation.IpcNamespace).ToString(),
        };
        Check(settings);
        return settings with { Seccomp = ReadSeccomp(security, CapabilityChoice.Of(settings)) };
    }

    private static void Check(ContainerSettings settings)
    {
        CapabilityChoice.Check(settings.CapAdd, settings.CapDrop);
        foreach (var device in settings.Devices ?? [])
        {
            DeviceRequest.Resolve(device);
        }

        _ = UlimitRequest.Resolve(settings.Ulimits).Count();
        var ipc = NamespaceChoice.Parse(nameof(settings.IpcNamespace), settings.IpcNamespace).Origin;
        SysctlRequest.Check(settings.Sysctl, ipc, settings.Network);
        if (settings.ShmSize is { } size and <= 0)
        {
            throw EngineErrors.InvalidLimit(nameof(settings.ShmSize), $"ShmSize: {size} bytes is no size for /dev/shm");
        }

        if (settings.OomScoreAdj is { } score and (< -MostOomScore or > MostOomScore))
        {
            throw EngineErrors.InvalidLimit(
                nameof(settings.OomScoreAdj), $"OomScoreAdj: {score} is not between {-MostOomScore} and {MostOomScore}");
        }

        CheckTogether(settings, ipc);
    }

    private static void CheckTogether(ContainerSettings settings, NamespaceOrigin ipc)
    {
        if (settings.ShmSize is not null && ipc == NamespaceOrigin.Host)
        {
            throw EngineErrors.Contradiction("ShmSize", "IpcNamespace Host", "/dev/shm is the host's then");
        }

        if (settings.Privileged && settings.UserNamespace == nameof(NamespaceOrigin.Private))
        {
            throw EngineErrors.Contradiction("Privileged", "UserNamespace Private", "its root would be nobody on the host");
        }

        if (settings.Init && settings.PidNamespace != nameof(NamespaceOrigin.Private))
        {
            throw EngineErrors.Contradiction(
                "Init", $"PidNamespace {settings.PidNamespace}", "orphans go to that namespace's first process");
        }
    }

    private static Oci.Runtime.LinuxSeccomp? ReadSeccomp(SecurityOptions security, ulong capabilities)
    {
        if (security.SeccompFile is not { } file)
        {
            return null;
        }

        try
        {
            return SeccompProfileFile.Read(file, capabilities);
        }
        catch (InvalidSettingException e)
        {
            throw EngineErrors.InvalidSecurityOption($"seccomp={file}", $"cannot be used: {e.Message}", e);
        }
    }

    private static IReadOnlyList<string>? NotEmpty(IReadOnlyList<string>? list) => list is { Count: > 0 } ? list : null;
}
