using System.Runtime.CompilerServices;

namespace PsContainers.Cmdlets.Tests;

/// <summary>Containers that ask for no network get none here: most tests are not about networks, and leave the host's alone.</summary>
internal static class WithoutNetwork
{
    [ModuleInitializer]
    internal static void Choose() => Environment.SetEnvironmentVariable("PSCONTAINERS_NETWORK", "None");
}
