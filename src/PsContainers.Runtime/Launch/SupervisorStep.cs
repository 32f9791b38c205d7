namespace PsContainers.Runtime.Launch;

/// <summary>Makes a cgroup. A shared one (the engine's parent group) may exist and stays.</summary>
/// <param name="MayExist">Systemd has made it where it rules over its hierarchy; it is the container's all the same.</param>
public sealed record MakeCgroup(string Path, bool Shared = false, bool MayExist = false) : LaunchStep
{
    internal override StepKind Kind => StepKind.MakeCgroup;

    internal override string Description => $"mkdir({Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Path);
        step.Flags = (Shared ? 1u : 0) | (MayExist ? 2u : 0);
    }
}

/// <summary>Writes a value into a cgroup file.</summary>
/// <param name="Optional">A missing file is passed over.</param>
/// <param name="OnlyWhenCreated">Left out when the group made last was there before: it is another container's parent, too.</param>
public sealed record WriteFile(string Path, string Value, bool Optional = false, bool OnlyWhenCreated = false) : LaunchStep
{
    internal override StepKind Kind => StepKind.WriteFile;

    internal override string Description => $"write('{Value}' to {Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Path);
        step.B = writer.Text(Value);
        step.Flags = (Optional ? 1u : 0) | (OnlyWhenCreated ? 2u : 0);
    }
}

/// <summary>Guards the devices of a cgroup v2 by an eBPF program.</summary>
public sealed record AttachDeviceProgram(string Path, ReadOnlyMemory<byte> Program) : LaunchStep
{
    internal override StepKind Kind => StepKind.AttachDeviceProgram;

    internal override string Description => $"bpf(device program on {Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Path);
        step.B = writer.Blob(Program.Span);
        step.Value = (ulong)Program.Length / 8;
    }
}

/// <summary>Moves a link of the host into the container's network namespace, between the clone and the first step inside.</summary>
/// <param name="NewName">What it is called there; `%d` at its end is the first free number.</param>
public sealed record MoveNetworkDevice(string Name, string NewName) : LaunchStep
{
    internal override StepKind Kind => StepKind.MoveNetworkDevice;

    internal override string Description => $"linux.netDevices.{Name}: move to the container as {NewName}";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Name);
        step.B = writer.Text(NewName);
    }
}
