namespace PsContainers.Runtime.Launch;

/// <summary>One thing the launcher does; <see cref="LaunchPlan"/> says in which order and why.</summary>
public abstract record LaunchStep
{
    internal abstract StepKind Kind { get; }

    /// <summary>What the user reads before the error when this step fails: the call and what it was called on.</summary>
    internal abstract string Description { get; }

    internal virtual void Encode(PlanWriter writer, ref PlanStep step)
    {
    }

    internal void Encode(PlanWriter writer, int offset)
    {
        var step = new PlanStep { Kind = Kind, Description = writer.Text(Description) };
        Encode(writer, ref step);
        writer.Put(offset, in step);
    }
}
