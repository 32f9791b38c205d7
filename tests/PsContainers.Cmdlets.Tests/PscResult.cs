namespace PsContainers.Cmdlets.Tests;

/// <summary>What a run of psc left.</summary>
internal sealed record PscResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
