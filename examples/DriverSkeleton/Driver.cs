using System.Net;
using PsContainers.Drivers;

namespace DriverSkeleton;

/// <summary>A network driver to begin with: it keeps to the contract, and connects nothing. Fill in what the comments say.</summary>
public sealed class Driver(DriverEnvironment environment) : INetworkDriver
{
    // Refuse whatever you can't do, fill in what is null and what you need. Change nothing on the machine here.
    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others)
    {
        foreach (var option in wanted.Options.Keys)
        {
            throw new DriverException($"there is no option {option}", DriverErrorKind.InvalidRequest, $"options.{option}");
        }

        if (wanted.Subnets.Count > 0)
        {
            throw new DriverException("networks of this driver have no subnets", DriverErrorKind.Unsupported, "subnets");
        }

        return wanted;
    }

    // Decide everything that Attach and Detach need, and keep it in State: Detach may get no more than this plan. Change nothing here, too.
    public AttachmentPlan Plan(AttachmentRequest request)
    {
        var wrong = request.Addresses.ToList().FindIndex(address => !IPAddress.TryParse(address.Split('/')[0], out _));
        return wrong < 0
            ? new AttachmentPlan { Request = request }
            : throw new DriverException(
                $"{request.Addresses[wrong]} is not an address", DriverErrorKind.InvalidRequest, $"addresses[{wrong}]");
    }

    // Make the link in plan.Request.NamespacePath. When something fails, undo what was done, and throw a DriverException.
    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        File.WriteAllText(RecordOf(plan), plan.Request.ContainerName);
        return new AttachmentResult { Interface = "lo", Addresses = plan.Request.Addresses };
    }

    // Take everything back that is there, without an error for what is not. Result may be null, and so may NamespacePath.
    public void Detach(AttachmentRecord record, CancellationToken cancellation) => File.Delete(RecordOf(record.Plan));

    // The driver's own folder: the only place where it may keep files.
    private string RecordOf(AttachmentPlan plan) =>
        Path.Combine(environment.RunDirectory, $"{plan.Request.Network.Id}-{plan.Request.ContainerId}");
}
