namespace PsContainers.Runtime.Launch;

/// <summary>Has the managed half do what the bare one cannot. It tells what fails itself.</summary>
/// <param name="Purpose">Named where not even that is possible: `registering x.scope`.</param>
/// <param name="OnUndo">Not now, but when what came before this step is undone.</param>
public sealed record RunSelf(string Purpose, IReadOnlyList<string> Arguments, bool OnUndo = false) : LaunchStep
{
    internal override StepKind Kind => StepKind.RunSelf;

    internal override string Description => Purpose;

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        step.A = writer.Texts(["psc-runtime", .. Arguments]);
        step.B = writer.Texts([]);
        step.C = writer.Text("/proc/self/exe");
        step.D = (uint)HookStatus.Creating;
        step.Value = (ulong)Arguments.Count + 1;
        step.Flags = OnUndo ? 1u : 0;
    }
}
