using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Registry.Credentials;

/// <summary>Where credentials are kept. containers-auth.json(5)</summary>
internal static class AuthFilePaths
{
    /// <param name="variable">An environment variable's value.</param>
    internal static IReadOnlyList<string> OfUser(Func<string, string?> variable)
    {
        if (variable("REGISTRY_AUTH_FILE") is { Length: > 0 } only)
        {
            return [only];
        }

        var home = variable("HOME") is { Length: > 0 } given ? given : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var runtime = variable("XDG_RUNTIME_DIR") is { Length: > 0 } directory
            ? $"{directory}/containers/auth.json"
            : string.Create(CultureInfo.InvariantCulture, $"/run/containers/{UserId()}/auth.json");
        var configuration = variable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : $"{home}/.config";
        var docker = variable("DOCKER_CONFIG") is { Length: > 0 } folder ? folder : $"{home}/.docker";
        return [runtime, $"{configuration}/containers/auth.json", $"{docker}/config.json"];
    }

    private static uint UserId()
    {
        using var self = DirectoryDescriptor.Open($"/proc/{Environment.ProcessId}");
        return self.Status.UserId;
    }
}
