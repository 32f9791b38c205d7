using System.Runtime.CompilerServices;

namespace PsContainers.Benchmarks;

/// <summary>Containers that ask for no network get none here: no round measures networks, and all leave the host's alone.</summary>
internal static class WithoutNetwork
{
    [ModuleInitializer]
    internal static void Choose() => Environment.SetEnvironmentVariable("PSCONTAINERS_NETWORK", "None");
}
