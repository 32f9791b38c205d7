using System.Text.Json;
using System.Text.Json.Serialization;
using Nerdbank.Streams;
using PsContainers.Plugins.RpcPeer;
using StreamJsonRpc;

// A driver as somebody would write it in .NET with StreamJsonRpc; its first argument says what is odd about it.
var odd = args.FirstOrDefault() ?? "";
if (odd == "silent")
{
    Thread.Sleep(TimeSpan.FromMinutes(1));
}

if (odd == "garbage")
{
    Console.WriteLine("hello, I am a driver");
    Thread.Sleep(TimeSpan.FromMinutes(1));
}

var stdio = FullDuplexStream.Splice(Console.OpenStandardInput(), Console.OpenStandardOutput());
await using var streams = await MultiplexingStream.CreateAsync(stdio, new MultiplexingStream.Options { ProtocolMajorVersion = 3 });
var channel = await streams.AcceptChannelAsync("rpc");
var formatter = new SystemTextJsonFormatter
{
    JsonSerializerOptions = new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    },
};
using var rpc = new JsonRpc(new HeaderDelimitedMessageHandler(channel, formatter));
var names = new JsonRpcTargetOptions { MethodNameTransform = CommonMethodNameTransforms.CamelCase };
rpc.AddLocalRpcTarget(new RpcDriver(odd), names);
rpc.AddLocalRpcTarget(new RpcVolumes(), names);
rpc.StartListening();
await rpc.Completion;
