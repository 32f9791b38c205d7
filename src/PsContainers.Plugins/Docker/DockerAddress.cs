using PsContainers.Plugins.Answers;

namespace PsContainers.Plugins.Docker;

/// <summary>Where a Docker plugin listens: a socket of this host, or a port.</summary>
internal sealed record DockerAddress
{
    private const string SocketPrefix = "unix://";
    private static readonly string[] _ports = ["tcp", "http"];

    private DockerAddress()
    {
    }

    /// <summary>The path of a socket; null when it is a port.</summary>
    public string? Socket { get; private init; }

    public string Host { get; private init; } = "";

    public int Port { get; private init; }

    /// <param name="text"><c>/run/x.sock</c>, <c>unix:///run/x.sock</c>, <c>tcp://host:port</c> or <c>http://host:port</c>.</param>
    public static DockerAddress? TryParse(string text)
    {
        var path = text.StartsWith(SocketPrefix, StringComparison.Ordinal) ? text[SocketPrefix.Length..] : text;
        if (path.StartsWith('/'))
        {
            return HostPath.Breach(path) is null ? new DockerAddress { Socket = path } : null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address)
            && _ports.Contains(address.Scheme)
            && address is { Host.Length: > 0, Port: > 0, UserInfo: "", Query: "", AbsolutePath: "" or "/" }
                ? new DockerAddress { Host = address.IdnHost, Port = address.Port }
                : null;
    }

    public override string ToString() => Socket ?? (Host.Contains(':') ? $"tcp://[{Host}]:{Port}" : $"tcp://{Host}:{Port}");
}
