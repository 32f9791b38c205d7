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
          kill [-a] ID [SIG]          send a signal, TERM if none is named
          pause ID                    stop all its processes
          resume ID                   let them go on
          update [-r FILE|-] [--memory BYTES] [--cpu-quota N] [--pids-limit N] … ID      change its limits
          delete [-f] ID              remove it when it has ended

          list [-q] [-f table|json]   all containers
          state ID                    its state as JSON
          ps [-f table|json] ID [PS-OPTION…]       its processes
          events [--stats] [--interval TIME] ID    what it uses, once or again and again, and when it lacks memory
          spec [-b BUNDLE] [--rootless]            write a config.json to start from
          features                    what this runtime can do, as JSON

          --root DIR          where state is kept (default /run/psc-runtime)

        """;
}
