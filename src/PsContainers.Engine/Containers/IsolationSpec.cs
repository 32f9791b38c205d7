using PsContainers.Engine.Isolation;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Devices;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Engine.Containers;

/// <summary>The walls around a container as <c>linux</c> of its specification.</summary>
internal static class IsolationSpec
{
    public static LinuxSpec Apply(
        LinuxSpec standard, SpecSurroundings surroundings, ContainerSettings settings, SecurityOptions security, ulong capabilities)
    {
        var isOpen = settings.Privileged || security.AreSystemPathsOpen;
        var mappings = Mappings(settings);
        IReadOnlyList<HostDevice> devices = Devices(settings);
        return standard with
        {
            Namespaces = Namespaces(standard.Namespaces ?? [], surroundings, settings),

            // Whose the files of the root are then is the launcher's business: they belong to ids that are none inside.
            UidMappings = mappings,
            GidMappings = mappings,
            Devices = devices.Count > 0 ? [.. devices.Select(device => device.Node)] : null,
            Sysctl = settings.Sysctl,
            Seccomp = settings.Seccomp
                ?? (settings.Privileged || security.IsSeccompOff ? null : DefaultSeccomp.Profile(capabilities)),
            MaskedPaths = isOpen ? null : standard.MaskedPaths,
            ReadonlyPaths = isOpen ? null : standard.ReadonlyPaths,
        };
    }

    /// <summary>What a container may do with device nodes; everything when it is privileged.</summary>
    public static IReadOnlyList<LinuxDeviceCgroup> DeviceRules(IReadOnlyList<LinuxDeviceCgroup> standard, ContainerSettings settings) =>
        settings.Privileged
            ? [new LinuxDeviceCgroup { Allow = true, Access = "rwm" }]
            : [.. standard, .. Devices(settings).Select(device => device.Rule)];

    // What was asked for by name comes last and so wins over the same path of /dev.
    private static IReadOnlyList<HostDevice> Devices(ContainerSettings settings) =>
    [
        .. (settings.Privileged ? HostDevice.All() : [])
            .Concat((settings.Devices ?? []).SelectMany(DeviceRequest.Resolve))
            .GroupBy(device => device.Node.Path)
            .Select(samePath => samePath.Last()),
    ];

    private static IReadOnlyList<LinuxNamespace> Namespaces(
        IReadOnlyList<LinuxNamespace> standard, SpecSurroundings surroundings, ContainerSettings settings)
    {
        var namespaces = standard.SelectMany(own => own.Type switch
        {
            LinuxNamespaceType.Network => Network(own),
            LinuxNamespaceType.Pid => Chosen(own, settings.PidNamespace),
            LinuxNamespaceType.Ipc => Chosen(own, settings.IpcNamespace),
            _ => [own],
        });
        return settings.FirstHostId is null ? [.. namespaces] : [new(LinuxNamespaceType.User), .. namespaces];

        LinuxNamespace[] Network(LinuxNamespace own) => settings.Network switch
        {
            NetworkMode.Host => [],
            NetworkMode.Container => [surroundings.NamespaceOf(settings.NetworkSource!, own.Type)],
            NetworkMode.Path => [own with { Path = settings.NetworkSource }],
            NetworkMode.Networks => [own with { Path = surroundings.NetworkPath }],
            _ => [own],
        };

        LinuxNamespace[] Chosen(LinuxNamespace own, string? choice) => NamespaceChoice.Parse(own.Type.ToString(), choice) switch
        {
            { Origin: NamespaceOrigin.Host } => [],
            { Container: { } container } => [surroundings.NamespaceOf(container, own.Type)],
            _ => [own],
        };
    }

    private static LinuxIdMapping[]? Mappings(ContainerSettings settings) =>
        settings.FirstHostId is { } first ? [new LinuxIdMapping(0, first, IdRange.Size)] : null;
}
