using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>Runs a hook with the container's state on its stdin, and fails when the hook does.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#posix-platform-hooks</remarks>
public sealed record RunHook(Hook Hook, string Stage, HookStatus Status) : LaunchStep
{
    internal override StepKind Kind => StepKind.RunHook;

    internal override string Description => $"{Stage} hook {Hook.Path}";

    internal static IReadOnlyList<LaunchStep> All(IReadOnlyList<Hook>? hooks, string stage, HookStatus status)
    {
        foreach (var (index, hook) in (hooks ?? []).Index())
        {
            if (!hook.Path.StartsWith('/'))
            {
                throw new InvalidSettingException($"hooks.{stage}[{index}].path", $"'{hook.Path}' is not an absolute path");
            }

            if (hook.Timeout is <= 0)
            {
                throw new InvalidSettingException($"hooks.{stage}[{index}].timeout", $"{hook.Timeout} is not above 0 seconds");
            }
        }

        return [.. (hooks ?? []).Select(hook => new RunHook(hook, stage, status))];
    }

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        var arguments = Hook.Args is { Count: > 0 } given ? given : [Hook.Path];

        // Without one of its own a hook has the runtime's environment, as with runc.
        var environment = Hook.Env ?? OwnEnvironment();
        step.A = writer.Texts(arguments);
        step.B = writer.Texts(environment);
        step.C = writer.Text(Hook.Path);
        step.D = (uint)Status;
        step.Value = (uint)arguments.Count | ((ulong)environment.Count << 32);
        step.Value2 = (ulong)(Hook.Timeout ?? 0);
    }

    private static List<string> OwnEnvironment() =>
        [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}")];
}
