using System.Text.Json;
using Nerdbank.Streams;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace PsContainers.Plugins.Processes;

/// <summary>StreamJsonRpc over the channel <c>rpc</c> of a multiplexed pair of streams.</summary>
/// <remarks>The only class that knows these packages, so that a session loads them when its first plugin needs them.</remarks>
internal sealed class RpcConnection : IDisposable
{
    private const string ChannelName = "rpc";
    private static readonly TimeSpan _farewell = TimeSpan.FromMilliseconds(500);

    private readonly MultiplexingStream _streams;
    private readonly JsonRpc _rpc;

    private RpcConnection(MultiplexingStream streams, MultiplexingStream.Channel channel)
    {
        _streams = streams;
        _rpc = new PlainErrors(new HeaderDelimitedMessageHandler(channel, new SystemTextJsonFormatter()));
        _rpc.StartListening();
    }

    public static RpcConnection Open(Stream output, Stream input, TimeSpan patience)
    {
        var streams = Await(
            MultiplexingStream.CreateAsync(
                FullDuplexStream.Splice(output, input), new MultiplexingStream.Options { ProtocolMajorVersion = 3 }),
            patience);
        try
        {
            return new RpcConnection(streams, Await(streams.OfferChannelAsync(ChannelName), patience));
        }
        catch
        {
            _ = streams.DisposeAsync().AsTask();
            throw;
        }
    }

    /// <exception cref="RpcRefusal">The driver threw something.</exception>
    public Task<JsonElement> Invoke(string method, JsonElement parameters, CancellationToken cancellation)
    {
        var named = parameters.EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value);

        // Off this thread, which has to come back even if the process doesn't read.
        return Task.Run(
            async () =>
            {
                try
                {
                    return await _rpc.InvokeWithParameterObjectAsync<JsonElement>(method, named, cancellation).ConfigureAwait(false);
                }
                catch (RemoteInvocationException e)
                {
                    throw new RpcRefusal(e.Message, e.DeserializedErrorData as JsonElement?, e);
                }
                catch (RemoteMethodNotFoundException e)
                {
                    throw new RpcRefusal("there is no such method", null, e);
                }
                catch (RemoteRpcException e) // of which the two above are
                {
                    throw new IOException(e.Message, e);
                }
            },
            CancellationToken.None);
    }

    public void Dispose()
    {
        _rpc.Dispose();
        _streams.DisposeAsync().AsTask().Wait(_farewell);
    }

    private static T Await<T>(Task<T> task, TimeSpan patience) => task.WaitAsync(patience).GetAwaiter().GetResult();

    /// <summary>Leaves what comes with an error as it came.</summary>
    private sealed class PlainErrors(IJsonRpcMessageHandler handler) : JsonRpc(handler)
    {
        protected override Type? GetErrorDetailsDataType(JsonRpcError error) => typeof(JsonElement);
    }
}
