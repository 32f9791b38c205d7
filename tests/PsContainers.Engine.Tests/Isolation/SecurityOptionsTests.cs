using PsContainers.Engine.Isolation;

namespace PsContainers.Engine.Tests.Isolation;

public sealed class SecurityOptionsTests
{
    [Theory]
    [InlineData("no-new-privileges", true)]
    [InlineData("no-new-privileges=true", true)]
    [InlineData("no-new-privileges=false", false)]
    [InlineData("no-new-privileges:false", false)]
    public void New_privileges_are_a_choice(string option, bool expected) =>
        Assert.Equal(expected, SecurityOptions.Parse([option]).NoNewPrivileges);

    [Fact]
    public void Without_options_the_engine_decides() => Assert.Equal(new SecurityOptions(), SecurityOptions.Parse(null));

    [Fact]
    public void Seccomp_is_off_or_from_a_file()
    {
        Assert.True(SecurityOptions.Parse(["seccomp=unconfined"]).IsSeccompOff);
        Assert.Equal("/a=b:c", SecurityOptions.Parse(["seccomp=/a=b:c"]).SeccompFile);
        Assert.Equal(new SecurityOptions(), SecurityOptions.Parse(["seccomp=unconfined", "seccomp=builtin"]));
    }

    [Fact]
    public void System_paths_are_opened() => Assert.True(SecurityOptions.Parse(["systempaths=unconfined"]).AreSystemPathsOpen);

    [Fact]
    public void Labels_can_be_switched_off_everywhere() => Assert.Null(SecurityOptions.Parse(["label=disable"]).SelinuxLabel);

    [Theory]
    [InlineData("")]
    [InlineData("seccomp")]
    [InlineData("seccomp=")]
    [InlineData("apparmor=")]
    [InlineData("no-new-privileges=maybe")]
    [InlineData("systempaths=confined")]
    [InlineData("label=colour:red")]
    [InlineData("label=type:")]
    [InlineData("label")]
    [InlineData("credentialspec=file://x")]
    public void What_is_no_option_is_named(string option)
    {
        var error = Assert.Throws<ContainerEngineException>(() => SecurityOptions.Parse(["no-new-privileges", option]));

        Assert.Equal(("InvalidSecurityOption", option), (error.ErrorId, error.Target));
    }

    [Fact]
    public void A_security_module_that_the_kernel_lacks_is_told()
    {
        Assert.SkipWhen(Directory.Exists("/sys/fs/selinux"), "this kernel runs SELinux");

        var error = Assert.Throws<ContainerEngineException>(() => SecurityOptions.Parse(["label=type:spc_t"]));

        Assert.Contains("SELinux", error.Message, StringComparison.Ordinal);
    }
}
