namespace PsContainers.Images.Registry.Configuration;

/// <summary>Which files say where registries are. containers-registries.conf(5)</summary>
internal static class RegistriesFiles
{
    private const string Machine = "/etc/containers";

    /// <param name="variable">An environment variable's value.</param>
    internal static IReadOnlyList<string> OfUser(Func<string, string?> variable)
    {
        var home = variable("HOME") is { Length: > 0 } given ? given : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var user = $"{(variable("XDG_CONFIG_HOME") is { Length: > 0 } folder ? folder : $"{home}/.config")}/containers";
        return
        [
            .. MainFile(variable("CONTAINERS_REGISTRIES_CONF"), user),
            .. DropIns($"{Machine}/registries.conf.d"),
            .. DropIns($"{user}/registries.conf.d"),
        ];
    }

    // The user's own file takes the place of the machine's; one that was asked for has to be there.
    private static IEnumerable<string> MainFile(string? wanted, string user)
    {
        string[] usual = [$"{user}/registries.conf", $"{Machine}/registries.conf"];
        return wanted is { Length: > 0 } ? [wanted] : usual.Where(File.Exists).Take(1);
    }

    private static IEnumerable<string> DropIns(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.conf").Order(StringComparer.Ordinal) : [];
}
