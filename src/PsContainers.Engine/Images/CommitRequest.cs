using System.Globalization;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Images;

/// <summary>Checks what a user wants an image's configuration to say.</summary>
internal static class CommitRequest
{
    private const int HighestPort = 65535;

    /// <summary>The request with its ports and signal completed.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, InvalidSignal, InvalidWorkingDirectory</exception>
    public static ContainerCommit Complete(ContainerCommit commit)
    {
        if (commit.WorkingDirectory is { } directory && !directory.StartsWith('/'))
        {
            throw EngineErrors.InvalidWorkingDirectory(directory);
        }

        if (commit.StopSignal is { } signal && SignalName.Find(signal) is null)
        {
            throw EngineErrors.InvalidSignal(signal);
        }

        if ((commit.Volumes ?? []).FirstOrDefault(volume => !volume.StartsWith('/')) is { } relative)
        {
            throw EngineErrors.InvalidArgument(relative, $"volume '{relative}' is not an absolute path");
        }

        return commit with { ExposedPorts = commit.ExposedPorts is { } ports ? [.. ports.Select(CompletePort)] : null };
    }

    // 80, 80/tcp, 8000-8010/udp
    private static string CompletePort(string port)
    {
        var parts = port.Split('/');
        var numbers = parts[0].Split('-');
        var isPort = (parts is [_] or [_, "tcp" or "udp" or "sctp"]) && numbers.Length <= 2 && numbers.All(IsNumber);
        return isPort
            ? parts.Length == 1 ? $"{port}/tcp" : port
            : throw EngineErrors.InvalidArgument(port, $"port '{port}' is not of the form 80, 80/tcp, 53/udp or 8000-8010/tcp");
    }

    private static bool IsNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= HighestPort;
}
