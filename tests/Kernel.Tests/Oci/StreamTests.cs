using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>Who owns the standard streams of a command that is another user's than root's.</summary>
public sealed class StreamTests(TestHost host) : OciTest(host)
{
    // /dev/stdout opens the pipe anew: images such as nginx's link their log files to it.
    [Fact]
    public void User_can_open_its_own_output()
    {
        Bundle.Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        Bundle.Script("id -u > /dev/stdout; echo error > /dev/stderr").Write(OciBundle.Id);

        var result = HostCommand.Run(
            Repository.Launcher, "--root", Bundle.State, "run", "--bundle", Bundle.Folder, OciBundle.Id);

        Assert.Equal((0, "1000\n", "error\n"), (result.ExitCode, result.Output, result.Error));
    }

    // crun 1.8 gives it to the container's user.
    [Fact]
    public void Null_device_of_the_host_stays_the_hosts()
    {
        Bundle.Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };

        Bundle.Say("true");

        Assert.Equal("0:0", HostCommand.Run("/usr/bin/stat", "-c", "%u:%g", "/dev/null").Text());
    }
}
