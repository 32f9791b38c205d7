namespace PsContainers.Launcher.CommandLine;

/// <summary>What `help` prints.</summary>
internal static class Usage
{
    internal const string Text = """
        psc-runtime runs containers for PsContainers and, as an OCI runtime, for other engines.

          psc-runtime [--root DIR] [--log FILE] [--log-format text|json] [--systemd-cgroup] COMMAND …

          create [-b BUNDLE] [--console-socket S] [--pid-file F] [--preserve-fds N] ID   make a container that waits for its start
          start ID                                                                       start its command
          run [-d] [-b BUNDLE] … ID                                                      both at once
          exec [-t] [-d] [-e K=V] [-u UID[:GID]] [--cwd DIR] [-p FILE] ID COMMAND…       run a command in it
          state ID            its state as JSON
          kill [-a] ID [SIG]  send a signal, TERM if none is named
          delete [-f] ID      remove it when it has ended

          --root DIR          where state is kept (default /run/psc-runtime)

        """;
}
