using System.Management.Automation;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Containers;

/// <summary>The parameters of every cmdlet that makes a container from an image.</summary>
public abstract class ContainerCreationCmdlet : ContainersCmdlet
{
    private protected const string FromImage = "Image";

    [Parameter(ParameterSetName = FromImage, Position = 1)]
    public string?[]? Command { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string?[]? Entrypoint { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [KeyValues]
    [Alias("Env")]
    public IDictionary<string, string>? Environment { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string? User { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string? WorkingDirectory { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public string? Hostname { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [MemorySize]
    public long? Memory { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public double? Cpus { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public long? PidsLimit { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter ReadOnly { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public NetworkMode Network { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter Remove { get; set; }

    private protected ContainerCreation CreationOf(string image, string? name) => new()
    {
        Image = image,
        Name = name,
        Command = ArgumentsOf(nameof(Command), Command),
        Entrypoint = ArgumentsOf(nameof(Entrypoint), Entrypoint),
        Environment = Environment?.AsReadOnly(),
        User = User,
        WorkingDirectory = WorkingDirectory,
        Hostname = Hostname,
        Memory = Memory,
        Cpus = Cpus,
        PidsLimit = PidsLimit,
        ReadOnly = ReadOnly,
        Network = Network,
        Labels = Label?.AsReadOnly(),
        RemoveOnExit = Remove,
    };

    // As everywhere in PowerShell where text is wanted, $null is an empty one: the arguments behind it keep their places.
    private string[]? ArgumentsOf(string parameter, string?[]? given) =>
        given is null ? null : TypedWords.Restore(Array.ConvertAll(given, argument => argument ?? ""), parameter, MyInvocation);
}
