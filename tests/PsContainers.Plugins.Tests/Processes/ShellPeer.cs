namespace PsContainers.Plugins.Tests.Processes;

/// <summary>A driver in shell that speaks JSON lines, and does in <c>define</c> what a test wants.</summary>
internal static class ShellPeer
{
    internal const string Echo = "answer \"\\\"result\\\":$wanted\"";

    private const string Hello = """answer '"result":{"name":"odd","contract":"1.0"}'""";

    /// <param name="define">Shell: <c>answer '"result":{…}'</c> answers with the request's id; <c>$wanted</c> is the network.</param>
    /// <param name="cases">Shell: more cases for <c>$line</c>, each ended by <c>;;</c>.</param>
    internal static string Script(string define, string hello = Hello, string begin = "", string cases = "") => $$"""
        #!/bin/sh
        answer() { id=${line#*:}; id=${id%%,*}; printf '{"id":%s,%s}\n' "$id" "$1"; }
        {{begin}}
        while IFS= read -r line; do
            case $line in
                *'"method":"hello"'*) {{hello}} ;;
                *'"method":"define"'*) wanted=${line#*\"wanted\":}; wanted=${wanted%%,\"others\"*}
                    {{define}} ;;
                {{cases}}
                *) answer '"error":{"kind":"unsupported","message":"not in this test"}' ;;
            esac
        done
        """;
}
