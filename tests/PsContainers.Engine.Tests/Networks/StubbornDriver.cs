using System.Globalization;

namespace PsContainers.Engine.Tests.Networks;

/// <summary>A network driver in shell that touches no link, and gives nothing back while a test says so.</summary>
internal sealed class StubbornDriver
{
    internal const string Name = "stubborn";

    private const string Script = """
        #!/bin/sh
        answer() { id=${line#*:}; id=${id%%,*}; printf '{"id":%s,%s}\n' "$id" "$1"; }
        while IFS= read -r line; do
            case $line in
                *'"method":"hello"'*) answer '"result":{"name":"stubborn","contract":"1.0"}' ;;
                *'"method":"define"'*) echo >> "$FOLDER/defined"; [ ! -e "$FOLDER/dawdles" ] || sleep 0.1
                    wanted=${line#*\"wanted\":}; answer "\"result\":${wanted%%,\"others\"*}" ;;
                *'"method":"plan"'*) request=${line#*\"request\":}; answer "\"result\":{\"request\":${request%\}\}}}" ;;
                *'"method":"attach"'*) answer '"result":{"interface":"eth0"}' ;;
                *'"method":"detach"'*) echo >> "$FOLDER/asked"; [ ! -e "$FOLDER/hangs" ] || sleep 60
                    if [ -e "$FOLDER/refuses" ]; then answer '"error":{"kind":"failed","message":"it refuses"}'
                    else answer '"result":{}'; fi ;;
                *) answer '"error":{"kind":"unsupported","message":"not in this test"}' ;;
            esac
        done

        """;

    private readonly string _folder;

    /// <param name="plugins">The folder that holds a folder for each plugin.</param>
    /// <param name="patience">The seconds that a detachment may take.</param>
    internal StubbornDriver(string plugins, double patience = 30)
    {
        _folder = Directory.CreateDirectory(Path.Combine(plugins, Name)).FullName;
        File.WriteAllText(Path.Combine(_folder, "plugin.json"), string.Create(CultureInfo.InvariantCulture, $$"""
            {
                "name": "{{Name}}", "version": "1.0.0", "contract": "1.0", "kinds": ["network"], "transport": "process",
                "protocol": "json-lines", "entry": { "executable": "run.sh" }, "timeouts": { "detach": {{patience}} },
                "environment": { "FOLDER": "{{_folder}}" }
            }
            """));
        var script = Path.Combine(_folder, "run.sh");
        File.WriteAllText(script, Script);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>How often it was asked to give something back.</summary>
    internal int Asked => Count("asked");

    /// <summary>How often it was asked to complete a network.</summary>
    internal int Defined => Count("defined");

    /// <summary>From now on it takes a tenth of a second to complete a network.</summary>
    internal void Dawdle() => File.WriteAllText(PathOf("dawdles"), "");

    /// <summary>From now on detachments take a minute.</summary>
    internal void Hang() => File.WriteAllText(PathOf("hangs"), "");

    /// <summary>From now on detachments fail.</summary>
    internal void Refuse() => File.WriteAllText(PathOf("refuses"), "");

    internal void Obey()
    {
        File.Delete(PathOf("hangs"));
        File.Delete(PathOf("refuses"));
    }

    /// <summary>As if its package were removed.</summary>
    internal void Uninstall() => Directory.Delete(_folder, recursive: true);

    private int Count(string name) => File.Exists(PathOf(name)) ? File.ReadAllLines(PathOf(name)).Length : 0;

    private string PathOf(string name) => Path.Combine(_folder, name);
}
