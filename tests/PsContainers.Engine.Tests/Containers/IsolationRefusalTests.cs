using PsContainers.Engine.Containers;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests.Containers;

public sealed class IsolationRefusalTests
{
    private static readonly ContainerConfig _image = new() { Cmd = ["sh"], StopSignal = "SIGQUIT" };
    private static readonly ContainerCreation _creation = new() { Image = "busybox" };

    public static readonly TheoryData<string, ContainerCreation> Refused = new()
    {
        { "InvalidCapability", _creation with { CapAdd = ["NONE"] } },
        { "InvalidCapability", _creation with { CapAdd = ["KILL"], CapDrop = ["CAP_KILL"] } },
        { "InvalidSecurityOption", _creation with { SecurityOption = ["seccomp=/nonexistent"] } },
        { "InvalidSecurityOption", _creation with { SecurityOption = ["seccomp=/etc/passwd"] } },
        { "InvalidDevice", _creation with { Device = ["/dev/nonexistent"] } },
        { "InvalidSysctl", _creation with { Sysctl = new Dictionary<string, string> { ["kernel.panic"] = "1" } } },
        { "InvalidUlimit", _creation with { Ulimit = new Dictionary<string, string> { ["x"] = "1" } } },
        { "InvalidLimit", _creation with { ShmSize = 0 } },
        { "InvalidLimit", _creation with { OomScoreAdj = 1001 } },
        { "InvalidLimit", _creation with { OomScoreAdj = -1001 } },
        { "InvalidLimit", _creation with { CpuSet = "9999" } },
        { "InvalidLimit", _creation with { CpuSet = "a" } },
        { "InvalidLimit", _creation with { CpuShares = 1 } },
        { "InvalidLimit", _creation with { MemorySwap = 64 << 20 } },
        { "InvalidLimit", _creation with { Memory = 64 << 20, MemoryReservation = 65 << 20 } },
        { "InvalidNamespace", _creation with { PidNamespace = "mine" } },
        { "InvalidNamespace", _creation with { UserNamespace = "container:x" } },
        { "InvalidSignal", _creation with { StopSignal = "SIGNONSENSE" } },
        { "InvalidArgument", _creation with { Privileged = true, UserNamespace = "Private" } },
        { "InvalidArgument", _creation with { ShmSize = 4096, IpcNamespace = "Host" } },
        { "InvalidArgument", _creation with { Init = true, PidNamespace = "Host" } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_is_refused_before_anything_is_made(string id, ContainerCreation creation)
    {
        var error = Assert.Throws<ContainerEngineException>(() => SettingsResolution.Resolve(creation, _image));

        Assert.Equal((id, EngineErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.NotNull(error.Target);
    }

    [Fact]
    public void A_stop_signal_of_ones_own_wins_over_the_images()
    {
        Assert.Equal(3, SettingsResolution.Resolve(_creation, _image).StopSignal);
        Assert.Equal(2, SettingsResolution.Resolve(_creation with { StopSignal = "int" }, _image).StopSignal);
    }

    [Fact]
    public void Two_containers_with_users_of_their_own_do_not_share_them()
    {
        using var sandbox = new EngineSandbox();
        var settings = Sample.Settings() with { UserNamespace = "Private" };
        var first = sandbox.Add(Sample.Container("a", "a") with { Settings = settings });
        var second = sandbox.Add(Sample.Container("b", "b") with { Settings = settings });

        var one = sandbox.Containers.Find(first.Id)!.Settings.FirstHostId;
        var other = sandbox.Containers.Find(second.Id)!.Settings.FirstHostId;
        Assert.NotNull(one);
        Assert.Equal(65536u, other - one);
    }
}
