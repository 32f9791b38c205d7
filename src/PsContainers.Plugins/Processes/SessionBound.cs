namespace PsContainers.Plugins.Processes;

/// <summary>How a plugin's programs are started: with a clean environment, and to end with the thread that starts them.</summary>
internal static class SessionBound
{
    public const string Path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // From util-linux, which Debian can't be without; where it is missing, a program has to see its standard input end.
    private const string DeathSignal = "/usr/bin/setpriv";

    /// <summary>The arguments to start it with, of which the first is the program.</summary>
    public static IReadOnlyList<string> Command(string program, IReadOnlyList<string> arguments) =>
        File.Exists(DeathSignal) ? [DeathSignal, "--pdeathsig", "KILL", "--", program, .. arguments] : [program, .. arguments];
}
