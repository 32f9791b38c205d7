using PsContainers.Engine.Networks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Containers;

/// <summary>The object that scripts see, made of a container's row and run.</summary>
internal sealed class ContainerModel(EnginePaths paths, ContainerTable containers, AttachmentTable attachments, VolumeTable volumes)
{
    public Container Of(CurrentContainer current)
    {
        var (row, state) = (current.Row, current.State);
        var settings = row.Settings;
        var attached = current.IsRunning && settings.Network == NetworkMode.Networks ? attachments.Of(row.Id) : [];
        return new Container
        {
            Id = row.Id,
            Name = row.Name,
            Image = row.ImageName,
            ImageId = row.ImageId,
            Status = current.Status,
            Command = settings.Arguments,
            Created = row.Created.ToLocalTime(),
            Started = row.Started?.ToLocalTime(),
            Finished = row.Finished?.ToLocalTime(),
            ExitCode = row.ExitCode,
            OutOfMemory = row.OutOfMemory,
            Error = row.Error,
            ProcessId = current.IsRunning ? state?.Pid : null,
            Environment = EnvironmentList.ToDictionary(settings.Environment),
            Labels = settings.Labels,
            User = settings.User,
            WorkingDirectory = settings.WorkingDirectory,
            Hostname = settings.HostnameOf(row.Id),
            Network = Networks(attached, settings),
            Port = AttachmentRow.MainOf(attached)?.Request.Ports ?? settings.Ports ?? [],
            Mount = Mounts(settings),
            Memory = settings.Memory,
            Cpus = settings.Cpus,
            PidsLimit = settings.PidsLimit,
            MemorySwap = settings.MemorySwap,
            MemoryReservation = settings.MemoryReservation,
            CpuShares = settings.CpuShares,
            CpuSet = settings.CpuSet,
            Privileged = settings.Privileged,
            CapAdd = settings.CapAdd ?? [],
            CapDrop = settings.CapDrop ?? [],
            SecurityOption = settings.SecurityOptions ?? [],
            Device = settings.Devices ?? [],
            Sysctl = settings.Sysctl ?? new Dictionary<string, string>(),
            Ulimit = settings.Ulimits ?? new Dictionary<string, string>(),
            ShmSize = settings.ShmSize,
            StorageSize = settings.StorageSize,
            UserNamespace = settings.UserNamespace ?? "Host",
            PidNamespace = settings.PidNamespace ?? "Private",
            IpcNamespace = settings.IpcNamespace ?? "Private",
            OomScoreAdj = settings.OomScoreAdj,
            Init = settings.Init,
            Tty = settings.Tty,
            StopSignal = settings.StopSignal,
            ReadOnly = settings.ReadOnly,
            RemoveOnExit = row.RemoveOnExit,
            LogPath = paths.LogOf(row.Id),
        };
    }

    // A volume by the name that it has now.
    private ContainerMount[] Mounts(ContainerSettings settings)
    {
        var mounts = settings.Mounts ?? [];
        var ids = mounts.Select(mount => mount.Volume).OfType<string>().ToList();
        var names = ids.Count == 0 ? [] : volumes.NamesOf(ids);
        return
        [
            .. mounts.Select(mount => mount.Volume is { } id && names.TryGetValue(id, out var name)
                ? mount.Asked with { Source = name }
                : mount.Asked),
        ];
    }

    // What was asked for, with what the drivers gave. An array, because PowerShell cannot index what the compiler makes for an interface.
    private NetworkConnection[] Networks(List<AttachmentRow> attached, ContainerSettings settings) =>
    [
        .. NetworkSelection.Show(settings, id => containers.Find(id)?.Name ?? id[..12]).Select(
            asked => attached.Find(row => row.Request.Network.Name == asked.Network) is { Record.Result: { } result }
                ? asked with
                {
                    IPAddress = result.Addresses,
                    MacAddress = result.MacAddress,
                    Interface = result.Interface,
                    Gateway = result.Gateways,
                }
                : asked),
    ];
}
