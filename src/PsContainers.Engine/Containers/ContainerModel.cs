using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>The object that scripts see, made of a container's row and run.</summary>
internal static class ContainerModel
{
    public static Container Of(CurrentContainer current, EnginePaths paths)
    {
        var (row, state, _) = current;
        var settings = row.Settings;
        return new Container
        {
            Id = row.Id,
            Name = row.Name,
            Image = row.ImageName,
            ImageId = row.ImageId,
            Status = row.Status,
            Command = settings.Arguments,
            Created = row.Created.ToLocalTime(),
            Started = row.Started?.ToLocalTime(),
            Finished = row.Finished?.ToLocalTime(),
            ExitCode = row.ExitCode,
            OutOfMemory = row.OutOfMemory,
            Error = row.Error,
            ProcessId = row.Status == ContainerStatus.Running ? state?.Pid : null,
            Environment = EnvironmentList.ToDictionary(settings.Environment),
            Labels = settings.Labels,
            User = settings.User,
            WorkingDirectory = settings.WorkingDirectory,
            Hostname = settings.HostnameOf(row.Id),
            Network = settings.Network,
            Memory = settings.Memory,
            Cpus = settings.Cpus,
            PidsLimit = settings.PidsLimit,
            ReadOnly = settings.ReadOnly,
            RemoveOnExit = row.RemoveOnExit,
            LogPath = paths.LogOf(row.Id),
        };
    }
}
