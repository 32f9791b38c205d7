using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Docker;

/// <summary>Speaks Docker's plugin protocol: JSON by HTTP POST, each call to a path of its own.</summary>
/// <remarks>
/// https://docs.docker.com/engine/extend/plugin_api/ - without Docker's retries: who isn't there is said to be so at once.
/// </remarks>
internal sealed class DockerClient : IDisposable
{
    private const int LargestAnswer = 1024 * 1024;
    private const string MediaType = "application/vnd.docker.plugins.v1.1+json";

    // Never looked up, and told to whoever looks at the header Host.
    private static readonly Uri _base = new("http://plugin.localhost/");

    private readonly DockerAddress _address;
    private readonly HttpClient _client;

    public DockerClient(DockerAddress address)
    {
        _address = address;
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) => new NetworkStream(await ConnectAsync(cancellation).ConfigureAwait(false), true),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,

            // A connection for each call: a kept one could be of a plugin that has been started anew.
            PooledConnectionLifetime = TimeSpan.Zero,
        })
        {
            BaseAddress = _base,
            Timeout = Timeout.InfiniteTimeSpan, // the caller's
        };
    }

    /// <summary>What the plugin answered, be it that it failed; null when it has no such call.</summary>
    /// <exception cref="PluginFailure">It is not there, or speaks nonsense.</exception>
    /// <exception cref="Drivers.DriverException">Its socket is not root's.</exception>
    public TAnswer? Ask<TQuestion, TAnswer>(
        DockerCall<TQuestion, TAnswer> call, TQuestion question, CancellationToken cancellation)
        where TAnswer : DockerAnswer
    {
        if (_address.Socket is { } socket)
        {
            FileTrust.CheckSocket(socket);
        }

        var (status, body) = PostAsync(call.Name, JsonSerializer.SerializeToUtf8Bytes(question, call.Question), cancellation)
            .WaitAsync(cancellation).GetAwaiter().GetResult();
        return status == HttpStatusCode.OK ? Read(call.Name, body, call.Answer) : Refused(call.Name, status, body, call.Answer);
    }

    public void Dispose() => _client.Dispose();

    private static TAnswer Read<TAnswer>(string call, byte[] body, JsonTypeInfo<TAnswer> answered)
    {
        try
        {
            return JsonSerializer.Deserialize(body, answered) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new PluginFailure($"answered {call} with what is not its JSON: {Shown(body)}", e);
        }
    }

    // Docker's own helpers for plugins send an Err with the status 500.
    private static TAnswer? Refused<TAnswer>(string call, HttpStatusCode status, byte[] body, JsonTypeInfo<TAnswer> answered)
        where TAnswer : DockerAnswer
    {
        try
        {
            if (JsonSerializer.Deserialize(body, answered) is { IsDone: false } refused)
            {
                return refused;
            }
        }
        catch (JsonException)
        {
            // A text, which is shown as it is.
        }

        return status == HttpStatusCode.NotFound
            ? null
            : throw new PluginFailure($"answered {call} with HTTP {(int)status}: {Shown(body)}");
    }

    private static string Shown(byte[] body) => Abridged.Of(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 512))));

    private async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(string call, byte[] question, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, call)
        {
            Content = new ByteArrayContent(question) { Headers = { ContentType = new MediaTypeHeaderValue(MediaType) } },
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        try
        {
            using var response =
                await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            return (response.StatusCode, await ReadAsync(call, stream, cancellation).ConfigureAwait(false));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            // .NET has other words for ENOENT, of addresses that cannot be assigned.
            var cause = _address.Socket is { } socket && !File.Exists(socket) ? "no such file" : (e.InnerException ?? e).Message;
            throw new PluginFailure($"is not there: {_address}: {cause}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PluginFailure($"broke the connection before it answered {call}: {Abridged.Of((e.InnerException ?? e).Message)}", e);
        }
    }

    private static async Task<byte[]> ReadAsync(string call, Stream stream, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestAnswer)
            {
                throw new PluginFailure($"answered {call} with more than {LargestAnswer} bytes");
            }
        }

        return body.ToArray();
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = _address.Socket is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            EndPoint end = _address.Socket is { } path
                ? new UnixDomainSocketEndPoint(path)
                : new DnsEndPoint(_address.Host, _address.Port);
            await socket.ConnectAsync(end, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
