namespace PsContainers.Cmdlets.Containers;

/// <summary>How a container that ran in the foreground ended (<c>Invoke-Container -PassThru</c>).</summary>
/// <param name="ExitCode">The command's own code, or 128 and the signal that ended it.</param>
/// <param name="Output">The lines of stdout.</param>
/// <param name="ErrorOutput">The lines of stderr.</param>
public sealed record ContainerResult(int ExitCode, string[] Output, string[] ErrorOutput, Container Container)
{
    /// <summary>What $LASTEXITCODE becomes when the engine failed, not the command.</summary>
    internal const int EngineFailed = 125;

    public override string ToString() => string.Join('\n', Output);
}
