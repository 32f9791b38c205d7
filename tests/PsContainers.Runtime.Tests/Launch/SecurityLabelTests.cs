using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Tests.Launch;

public sealed class SecurityLabelTests
{
    private const string Label = "system_u:object_r:container_file_t:s0:c1,c2";

    private static readonly SecurityModules _none = new(AppArmor: false, SeLinux: false);
    private static readonly SecurityModules _all = new(AppArmor: true, SeLinux: true);

    [Fact]
    public void Profile_and_label_are_set_for_the_command() => Assert.Equal(
        [
            new SetExecLabel("process.apparmorProfile", "docker-default", IsAppArmor: true),
            new SetExecLabel("process.selinuxLabel", Label, IsAppArmor: false),
        ],
        SecurityLabel.Build(Sample.Process with { ApparmorProfile = "docker-default", SelinuxLabel = Label }, _all));

    [Fact]
    public void Profile_without_AppArmor_is_refused() => Assert.Equal(
        "process.apparmorProfile: AppArmor is not enabled on this machine",
        Assert.Throws<InvalidSettingException>(
            () => SecurityLabel.Build(Sample.Process with { ApparmorProfile = "docker-default" }, _none)).Message);

    [Fact]
    public void Label_without_SELinux_is_refused() => Assert.Equal(
        "process.selinuxLabel: SELinux is not enabled on this machine",
        Assert.Throws<InvalidSettingException>(() => SecurityLabel.Build(Sample.Process with { SelinuxLabel = Label }, _none)).Message);

    [Theory]
    [InlineData("", "")]
    [InlineData("unconfined", null)]
    public void Nothing_to_confine_by_is_no_error(string? profile, string? label) =>
        Assert.Empty(SecurityLabel.Build(Sample.Process with { ApparmorProfile = profile, SelinuxLabel = label }, _none));

    [Fact]
    public void Unconfined_is_said_to_AppArmor() =>
        Assert.Single(SecurityLabel.Build(Sample.Process with { ApparmorProfile = "unconfined" }, _all));

    [Fact]
    public void Line_end_in_a_profile_is_refused() => Assert.Throws<InvalidSettingException>(
        () => SecurityLabel.Build(Sample.Process with { ApparmorProfile = "a\nexec b" }, _all));

    [Fact]
    public void Mounts_get_the_context_in_quotes()
    {
        MountFileSystem[] steps =
        [
            new("tmpfs", "tmpfs", "/dev", MountFlags.None, "mode=755"),
            new("ramfs", "ramfs", "/r", MountFlags.None, null),
            new("proc", "proc", "/proc", MountFlags.None, null),
            new("tmpfs", "tmpfs", "/own", MountFlags.None, "context=mine"),
        ];

        Assert.Equal(
            [$"mode=755,context=\"{Label}\"", $"context=\"{Label}\"", null, "context=mine"],
            MountLabel.Apply(steps, Label, _all).Select(step => ((MountFileSystem)step).Data));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Mounts_without_a_label_stay_as_they_are(string? label)
    {
        LaunchStep[] steps = [new MountFileSystem("tmpfs", "tmpfs", "/dev", MountFlags.None, null)];

        Assert.Same(steps, MountLabel.Apply(steps, label));
    }

    [Fact]
    public void Mount_label_without_SELinux_is_refused() => Assert.Equal(
        "linux.mountLabel: SELinux is not enabled on this machine",
        Assert.Throws<InvalidSettingException>(() => MountLabel.Apply([], Label, _none)).Message);

    [Fact]
    public void Mount_label_cannot_add_options() =>
        Assert.Throws<InvalidSettingException>(() => MountLabel.Apply([], "x\",suid=\"", _all));
}
