namespace PsContainers.Kernel.Tests.Harness;

/// <summary>What a container said and how it ended.</summary>
public sealed record RunOutcome(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error, Container Container)
{
    /// <summary>Standard output as one text; fails with standard error when the command failed.</summary>
    public string Text()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{string.Join('\n', Error)}\n{string.Join('\n', Output)}");
        return string.Join('\n', Output);
    }
}
