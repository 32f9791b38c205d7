using System.Net;

namespace PsContainers.Images.Registry;

/// <summary>The cause of a failure, on its way to where it is known what was being done: see <see cref="RegistryTask"/>.</summary>
internal sealed class RegistryFault(string cause, Exception? inner = null) : Exception(cause, inner)
{
    internal HttpStatusCode? Status { get; init; }

    internal string? Code { get; init; }
}
