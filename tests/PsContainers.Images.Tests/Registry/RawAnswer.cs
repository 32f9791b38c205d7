using System.Net.Sockets;
using System.Text;

namespace PsContainers.Images.Tests.Registry;

/// <summary>What a <see cref="RawServer"/> does with a request.</summary>
internal abstract class RawAnswer
{
    internal abstract Task SendAsync(RawRequest request, TcpClient client, Stream stream, CancellationToken stop);

    /// <summary>An answer with a right length unless a header says another one.</summary>
    internal static RawAnswer Of(int status, string body = "", params string[] headers) =>
        Of(status, Encoding.UTF8.GetBytes(body), headers);

    internal static RawAnswer Of(int status, byte[] body, params string[] headers)
    {
        var hasLength = headers.Any(header => header.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)
            || header.StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        string[] all = hasLength ? headers : [.. headers, $"Content-Length: {body.Length}"];
        var head = $"HTTP/1.1 {status} Status\r\n{string.Concat(all.Select(header => $"{header}\r\n"))}Connection: close\r\n\r\n";
        return new Bytes([.. Encoding.Latin1.GetBytes(head), .. body], staysOpen: false);
    }

    /// <summary>The same, and then nothing more, with the connection open.</summary>
    internal static RawAnswer Stalling(int status, byte[] body, params string[] headers) =>
        new Bytes(((Bytes)Of(status, body, headers)).All, staysOpen: true);

    /// <summary>An answer to what the request's body says.</summary>
    internal static RawAnswer To(Func<string, RawAnswer> answer) => new Reading(answer);

    /// <summary>These bytes, whatever they are.</summary>
    internal static RawAnswer Raw(byte[] all) => new Bytes(all, staysOpen: false);

    /// <summary>Closes the connection, with the body read up to a byte.</summary>
    internal static RawAnswer Cut(long afterBodyBytes = 0) => new Cutting(afterBodyBytes);

    /// <summary>Says nothing, for as long as the client waits.</summary>
    internal static RawAnswer Silence { get; } = new Silent();

    /// <summary>What a real server says, as far as it is let through.</summary>
    /// <param name="cutAfter">How many bytes of the answer come, its head included.</param>
    internal static RawAnswer From(string host, long cutAfter = long.MaxValue) => new Forwarded(host, cutAfter);

    private static async Task CopyAsync(Stream source, Stream target, long length, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        while (length > 0)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), stop);
            if (read == 0)
            {
                return;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), stop);
            length -= read;
        }
    }

    private sealed class Bytes(byte[] all, bool staysOpen) : RawAnswer
    {
        internal byte[] All => all;

        internal override async Task SendAsync(RawRequest request, TcpClient client, Stream stream, CancellationToken stop)
        {
            await CopyAsync(stream, Stream.Null, request.BodyLength, stop);
            await stream.WriteAsync(all, stop);
            await Task.Delay(staysOpen ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, stop);
        }
    }

    private sealed class Reading(Func<string, RawAnswer> answer) : RawAnswer
    {
        internal override async Task SendAsync(RawRequest request, TcpClient client, Stream stream, CancellationToken stop)
        {
            using var body = new MemoryStream();
            await CopyAsync(stream, body, request.BodyLength, stop);
            var read = request with { Headers = new Dictionary<string, string>() };
            await answer(Encoding.UTF8.GetString(body.ToArray())).SendAsync(read, client, stream, stop);
        }
    }

    private sealed class Cutting(long length) : RawAnswer
    {
        internal override async Task SendAsync(RawRequest request, TcpClient client, Stream stream, CancellationToken stop)
        {
            await CopyAsync(stream, Stream.Null, Math.Min(length, request.BodyLength), stop);
            client.LingerState = new(true, 0); // a reset, as from a router that lost the connection
            client.Close();
        }
    }

    private sealed class Silent : RawAnswer
    {
        internal override Task SendAsync(RawRequest request, TcpClient client, Stream stream, CancellationToken stop) =>
            Task.Delay(Timeout.InfiniteTimeSpan, stop);
    }

    private sealed class Forwarded(string host, long cutAfter) : RawAnswer
    {
        internal override async Task SendAsync(RawRequest request, TcpClient client, Stream stream, CancellationToken stop)
        {
            using var upstream = new TcpClient();
            await upstream.ConnectAsync(host.Split(':')[0], int.Parse(host.Split(':')[1]), stop);
            var target = upstream.GetStream();
            var head = request.Head.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
            await target.WriteAsync(Encoding.Latin1.GetBytes(head), stop);
            await CopyAsync(stream, target, request.BodyLength, stop);
            await CopyAsync(target, stream, cutAfter, stop);
            await CopyAsync(target, Stream.Null, long.MaxValue, stop);
        }
    }
}
