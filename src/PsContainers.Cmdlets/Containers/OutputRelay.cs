using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Hands a foreground process's lines to the pipeline: stdout as strings, stderr as information; or collects both.</summary>
internal sealed class OutputRelay(Cmdlet cmdlet, bool collects)
{
    /// <summary>Besides PSHOST, by which every host shows a line: who wrote it, for those that tell the streams apart.</summary>
    private static readonly string[] _tags = ["PSHOST", "stderr"];

    private readonly List<string> _output = [];
    private readonly List<string> _errorOutput = [];

    /// <summary>As a native command leaves it.</summary>
    public static void SetExitCode(SessionState session, int code) => session.PSVariable.Set("global:LASTEXITCODE", code);

    public void Take(ContainerOutputLine line)
    {
        var isOutput = line.Stream == OutputStream.StandardOutput;
        if (collects)
        {
            (isOutput ? _output : _errorOutput).Add(line.Text);
        }
        else if (isOutput)
        {
            cmdlet.WriteObject(line.Text);
        }
        else
        {
            cmdlet.WriteInformation(new HostInformationMessage { Message = line.Text }, _tags);
        }
    }

    /// <summary>Writes the one object that stands for all lines, where they were collected.</summary>
    public void Finish(int exitCode, Container container)
    {
        if (collects)
        {
            cmdlet.WriteObject(new ContainerResult(exitCode, [.. _output], [.. _errorOutput], container));
        }
    }
}
