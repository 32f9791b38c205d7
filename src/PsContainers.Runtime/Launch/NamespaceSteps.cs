namespace PsContainers.Runtime.Launch;

/// <summary>Moves this process into a new namespace. unshare(2)</summary>
public sealed record Unshare(CloneFlags Flags) : LaunchStep
{
    internal override StepKind Kind => StepKind.Unshare;

    internal override string Description => $"unshare({Flags})";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = (ulong)Flags;
}

/// <summary>Joins an existing namespace, which must be of the given kind. setns(2)</summary>
public sealed record JoinNamespace(string Path, CloneFlags Flag) : LaunchStep
{
    internal override StepKind Kind => StepKind.JoinNamespace;

    internal override string Description => $"setns({Path})";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Text(Path);
        step.Value = (ulong)Flag;
    }
}

/// <summary>Joins the namespaces of the running container that a command is executed in. setns(2) with a pidfd</summary>
public sealed record JoinTarget(CloneFlags Flags) : LaunchStep
{
    internal override StepKind Kind => StepKind.JoinTarget;

    internal override string Description => $"setns({Flags} of the container)";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Value = (ulong)Flags;
}

/// <summary>
/// Becomes user 0 of the user namespace that was entered, or the user given where 0 is not mapped: only mapped users can make files.
/// user_namespaces(7)
/// </summary>
public sealed record BecomeRoot(uint User = 0, uint Group = 0) : LaunchStep
{
    internal override StepKind Kind => StepKind.BecomeRoot;

    internal override string Description => $"becoming user {User}, group {Group} of the user namespace";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.Value = User;
        step.Value2 = Group;
    }
}

/// <summary>Enters a new time namespace; lines of clock, seconds and nanoseconds. time_namespaces(7)</summary>
public sealed record EnterTimeNamespace(string Offsets) : LaunchStep
{
    internal override StepKind Kind => StepKind.EnterTimeNamespace;

    internal override string Description => "unshare(Time)";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.A = writer.Text(Offsets);
}

/// <summary>Has the launcher do something for this process from outside its namespaces, and waits for it.</summary>
public sealed record AskHost(IReadOnlyList<LaunchStep> Steps) : LaunchStep
{
    internal override StepKind Kind => StepKind.AskHost;

    internal override string Description => "waiting for the launcher";

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Steps(Steps);
        step.Value = (ulong)Steps.Count;
    }
}

/// <summary>Ready: lets go of the launcher and, where it is to be started later, waits for that.</summary>
public sealed record Release(bool AwaitStart) : LaunchStep
{
    internal override StepKind Kind => StepKind.Release;

    internal override string Description => "waiting for the start";

    internal override void Encode(PlanWriter writer, ref PlanStep step) => step.Flags = AwaitStart ? 1u : 0;
}
