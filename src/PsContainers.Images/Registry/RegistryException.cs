using System.Net;
using PsContainers.Images.Registry.Http;

namespace PsContainers.Images.Registry;

/// <summary>A registry that did not do as asked. The message names the registry, the reference and the cause, in one line.</summary>
public sealed class RegistryException : Exception
{
    internal RegistryException(string registry, string task, RegistryFault fault, Secrets secrets)
        : base(ForeignText.Readable($"registry {registry}: cannot {task}: {secrets.Hide(fault.Message)}"), Harmless(fault, secrets)) =>
        (Registry, Status, Code) = (registry, fault.Status, fault.Code is { } code ? secrets.Hide(code) : null);

    /// <summary>Host, with its port where it has one.</summary>
    public string Registry { get; }

    /// <summary>What the registry answered; null when it gave none or something else was wrong.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The registry's own code, such as `MANIFEST_UNKNOWN`.</summary>
    public string? Code { get; }

    /// <summary>Whether the registry wants to know who we are, or does not let us.</summary>
    public bool IsDenied => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    public bool IsNotFound => Status is HttpStatusCode.NotFound;

    // The words of HTTP's own exceptions quote what came.
    private static Exception? Harmless(RegistryFault fault, Secrets secrets) =>
        fault.InnerException is { } inner && secrets.Hide(inner.ToString()) == inner.ToString() ? inner : null;
}
