using PsContainers.Launcher.Birth;
using PsContainers.Launcher.Host;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Detached;

/// <summary>`start`: gives a created container the word, serves it until its command runs, and runs the poststart hooks.</summary>
internal static unsafe class StartProcess
{
    private const int TextBytes = 512;

    /// <param name="directory">The container's directory: state root and id.</param>
    internal static int Run(byte* directory, BareOptions options)
    {
        if (BareStart.Prepare(2) < 0)
        {
            return LaunchExit.Failed;
        }

        var result = ContainerDirectory.Enter(directory, out var plan);
        if (result < 0)
        {
            return Refuse(options, "container does not exist: "u8, directory);
        }

        var failure = new Failure();
        options.Apply(plan);
        if (ContainerDirectory.Lock() < 0 || Records.ReadState(out var pid, out _) < 0)
        {
            return Refuse(options, "container is not created yet: "u8, directory);
        }

        var process = new NewProcess(plan) { Pid = pid, PidFd = Kernel.OpenProcess(pid), Channel = ContainerDirectory.ConnectStart() };
        if (process.Channel < 0)
        {
            return Refuse(options, "cannot start a container that is not in the created state: "u8, directory);
        }

        result = Channel.Send(process.Channel, LaunchMessageKind.Go);
        result = result < 0 ? result : Channel.Expect(process.Channel, LaunchMessageKind.Released);
        if (result < 0)
        {
            return Refuse(options, "cannot start a container that has ended: "u8, directory);
        }

        // From here on it is no longer created, whatever becomes of it.
        Kernel.Remove(Kernel.AtFdCwd, Kernel.Literal("start.sock"u8), 0);
        plan.Header->Flags &= ~(uint)PlanFlags.AwaitStart;
        result = ProcessBirth.Converse(ref process, ref failure);
        if (result < 0)
        {
            return LaunchExit.Report(plan, failure, LaunchExit.Failed);
        }

        Kernel.Close(process.Channel);
        return Poststart(plan, pid, ref failure);
    }

    // runtime-spec, "Lifecycle", step 9: a poststart hook that fails is an error, and the container goes on.
    private static int Poststart(Plan plan, int pid, ref Failure failure) =>
        HostSteps.PerformAll(plan, plan.Header->PoststartSteps, plan.Header->PoststartStepCount, pid, ref failure) < 0
            ? LaunchExit.Report(plan, failure, LaunchExit.Failed)
            : 0;

    private static int Refuse(BareOptions options, ReadOnlySpan<byte> words, byte* directory)
    {
        var buffer = stackalloc byte[TextBytes];
        var text = new Text(buffer, TextBytes);
        text.Add(words);
        var path = Kernel.Span(directory);
        text.Add(path[(path.LastIndexOf((byte)'/') + 1)..]);
        options.Report(ref text);
        return LaunchExit.Failed;
    }
}
