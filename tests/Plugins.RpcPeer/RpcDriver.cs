using PsContainers.Drivers;
using StreamJsonRpc;

namespace PsContainers.Plugins.RpcPeer;

/// <summary>The methods of the contract, by their names and parameters.</summary>
public sealed class RpcDriver(string oddity)
{
    public object Hello(string contract, DriverEnvironment environment) =>
        oddity == "version" ? new { name = "odd", contract = "3.0" } : new { name = "odd", contract };

    public async Task<NetworkDefinition> Define(
        NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others, CancellationToken cancellation)
    {
        switch (wanted.Options.GetValueOrDefault("odd"))
        {
            case "refuse":
                throw new LocalRpcException("the option odd is odd")
                {
                    ErrorData = new { kind = "invalidRequest", field = "options.odd" },
                };
            case "throw":
                throw new InvalidOperationException("a mistake of the driver");
            case "exit":
                await Console.Error.WriteLineAsync("that was too much");
                Environment.Exit(4);
                break;
            case "hang":
                Thread.Sleep(TimeSpan.FromMinutes(1));
                break;
            case "wait":
                await Task.Delay(TimeSpan.FromMinutes(1), cancellation);
                break;
            case "lie":
                return wanted with { Name = "another" };
            case "large":
                return wanted with { Interface = new string('x', 6_000_000) };
        }

        return wanted;
    }

    public AttachmentPlan Plan(AttachmentRequest request) => new() { Request = request, State = "s" };

    public AttachmentResult Attach(AttachmentPlan plan) =>
        new() { Interface = plan.Request.Interface, Addresses = plan.Request.Addresses };

    public void Detach(AttachmentRecord record)
    {
    }
}
