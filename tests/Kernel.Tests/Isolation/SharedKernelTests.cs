using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Isolation;

/// <summary>What users may choose about the kernel's parameters and other containers' namespaces, seen from inside.</summary>
public sealed class SharedKernelTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Kernel_parameter_is_the_containers_own()
    {
        var before = File.ReadAllText("/proc/sys/kernel/msgmax");
        var parameters = new Dictionary<string, string> { ["kernel.msgmax"] = "4321" };

        var said = Say("cat /proc/sys/kernel/msgmax", creation => creation with { Sysctl = parameters });

        Assert.Equal("4321", said);
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/msgmax"));
    }

    [Fact]
    public void Place_in_the_queue_for_an_early_end_is_seen_inside() => Assert.Equal(
        "321", Say("cat /proc/self/oom_score_adj", creation => creation with { OomScoreAdj = 321 }));

    [Fact]
    public void Namespaces_of_another_container_are_shared()
    {
        const string Look = "readlink /proc/self/ns/pid; readlink /proc/self/ns/ipc";
        var other = Start($"{Look}; echo up; sleep 100");
        WaitForLine(other, "up");

        var said = Say(
            Look, creation => creation with { PidNamespace = $"Container:{other.Name}", IpcNamespace = $"container:{other.Id[..12]}" });

        Assert.Equal(Log(other).Take(2), said.Split('\n'));
        Services.RemoveContainer.Execute(other.Id, force: true);
    }
}
