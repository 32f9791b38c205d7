using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Debian's docker-registry on a port of its own, with a store that goes away with it.</summary>
public sealed class RegistryServer : IDisposable
{
    private const string Program = "/usr/bin/docker-registry";

    private readonly Process _process;

    /// <param name="sections">More of the configuration, for which there is a folder.</param>
    /// <param name="httpSections">The same below `http:`.</param>
    internal RegistryServer(Func<string, string>? sections = null, Func<string, string>? httpSections = null)
    {
        Assert.SkipUnless(File.Exists(Program), "docker-registry is missing on this machine");
        Folder = Directory.CreateTempSubdirectory("psc-registry-").FullName;
        Port = FreePort();
        var configuration = Path.Combine(Folder, "config.yml");
        File.WriteAllText(configuration, $"""
            version: 0.1
            log:
              level: error
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {Folder}/data
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{Port}
            {httpSections?.Invoke(Folder)}
            {sections?.Invoke(Folder)}
            """);
        _process = Process.Start(new ProcessStartInfo(Program, ["serve", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        WaitUntilReady();
    }

    internal string Folder { get; }

    internal int Port { get; }

    internal string Host => $"127.0.0.1:{Port}";

    /// <summary>A registry whose users stand in a file of htpasswd's, with passwords hashed by bcrypt.</summary>
    internal static RegistryServer WithUser(string htpasswd) => new(folder =>
    {
        File.WriteAllText($"{folder}/htpasswd", htpasswd);
        return $"auth:\n  htpasswd:\n    realm: test\n    path: {folder}/htpasswd";
    });

    internal static RegistryServer WithTokens(TokenIssuer issuer) => new(issuer.RegistrySection);

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal RegistryClient Client(string repository, RegistrySettings? settings = null) =>
        new(ImageReference.Parse($"{Host}/{repository}"), settings ?? Insecure());

    /// <summary>Settings of nobody's machine, for a registry that has no TLS.</summary>
    internal static RegistrySettings Insecure(Credential? credential = null) => new()
    {
        AllowInsecure = true,
        Credential = credential,
        Registries = RegistriesConfiguration.Empty,
    };

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void WaitUntilReady()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < TimeSpan.FromSeconds(30) && !_process.HasExited)
            {
                Thread.Sleep(20);
            }
        }
    }
}
