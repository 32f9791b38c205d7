using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>Debian's docker-registry on a port of its own, for the tests of a class.</summary>
public sealed class DockerRegistry : IDisposable
{
    internal const string Need = "needs docker-registry";

    private const string Program = "/usr/bin/docker-registry";

    private readonly string _folder = Directory.CreateTempSubdirectory("psc-registry-").FullName;
    private readonly Process? _process;

    public DockerRegistry()
        : this("")
    {
    }

    /// <param name="sections">More of the configuration; `{folder}` in it is the registry's folder.</param>
    internal DockerRegistry(string sections)
    {
        if (!IsPossible)
        {
            return;
        }

        var port = FreePort();
        Host = $"127.0.0.1:{port}";
        var configuration = Path.Join(_folder, "config.yml");
        File.WriteAllText(configuration, $"""
            version: 0.1
            log: {"{ level: error, accesslog: { disabled: true } }"}
            storage: {"{ filesystem: { rootdirectory: "}{_folder}/data{" } }"}
            http: {"{ addr: "}{Host}{" }"}
            {sections.Replace("{folder}", _folder, StringComparison.Ordinal)}
            """);
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {Program} serve {configuration} > {_folder}/log 2>&1"]))!;
        WaitUntilReady(port);
    }

    internal static bool IsPossible => File.Exists(Program);

    internal string Host { get; } = "";

    internal string Folder => _folder;

    /// <summary>Puts a document under a tag as it is.</summary>
    internal async Task PutManifestAsync(string repository, string tag, string mediaType, string document)
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(document));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var answer = await client.PutAsync(new Uri($"http://{Host}/v2/{repository}/manifests/{tag}"), content);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilReady(int port)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < TimeSpan.FromSeconds(30) && !_process!.HasExited)
            {
                Thread.Sleep(20);
            }
        }
    }
}
