using PsContainers.Engine.Containers;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci;
using PsContainers.Runtime;

namespace PsContainers.Engine.Tests.Containers;

/// <summary>Which of request and image decides; what is refused stands in <see cref="SettingsRefusalTests"/>.</summary>
public sealed class SettingsResolutionTests
{
    /// <summary>Image's entry point and command, request's entry point and command, and what runs.</summary>
    /// <remarks>A bar parts words; null is "not set".</remarks>
    public static readonly TheoryData<string?, string?, string?, string?, string> Commands = new()
    {
        { null, "sh", null, null, "sh" },
        { "entry", null, null, null, "entry" },
        { "entry|-e", "cmd|-c", null, null, "entry|-e|cmd|-c" },
        { "entry|-e", "cmd|-c", null, "own|-o", "entry|-e|own|-o" },
        { null, "sh", null, "own", "own" },
        { "entry", "cmd", "mine", null, "mine" },
        { "entry", "cmd", "mine|-m", "own", "mine|-m|own" },
        { null, "cmd", "mine", null, "mine" },
        { "entry", "cmd", "", "own|-o", "own|-o" },
        { "", "cmd", null, null, "cmd" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void Arguments_are_the_entry_point_and_then_the_command(
        string? entrypoint, string? command, string? own, string? ownCommand, string expected)
    {
        var settings = Resolve(
            new ContainerConfig { Entrypoint = Words(entrypoint), Cmd = Words(command) },
            new ContainerCreation { Image = "busybox", Entrypoint = Words(own), Command = Words(ownCommand) });

        Assert.Equal(expected.Split('|'), settings.Arguments);
    }

    [Fact]
    public void An_empty_command_is_none()
    {
        var settings = Resolve(new ContainerConfig { Cmd = ["sh"] }, new ContainerCreation { Image = "busybox", Command = [] });

        Assert.Equal(["sh"], settings.Arguments);
    }

    [Fact]
    public void Arguments_are_passed_untouched()
    {
        string[] arguments = ["sh", "", " a  b ", "$HOME", "ü\n", "--", "-x"];

        var settings = Resolve(new ContainerConfig(), new ContainerCreation { Image = "busybox", Command = arguments });

        Assert.Equal(arguments, settings.Arguments);
    }

    [Fact]
    public void The_requests_variables_come_over_the_images_and_those_over_the_engines()
    {
        var settings = Resolve(
            new ContainerConfig { Cmd = ["sh"], Env = ["LANG=C", "PATH=/image", "KEPT=1"] },
            new ContainerCreation { Image = "busybox", Environment = new Dictionary<string, string> { ["LANG"] = "de", ["NEW"] = "" } });

        Assert.Equal(["PATH=/image", "LANG=de", "KEPT=1", "NEW="], settings.Environment);
    }

    [Fact]
    public void Without_any_variable_there_is_a_path()
    {
        Assert.Equal([$"PATH={DefaultRuntimeSpec.Path}"], Resolve(new ContainerConfig { Cmd = ["sh"] }).Environment);
    }

    [Theory]
    [InlineData(null, null, "")]
    [InlineData("www", null, "www")]
    [InlineData("www", "1000:100", "1000:100")]
    [InlineData("www", "", "www")]
    [InlineData(null, "root:", "root:")]
    public void The_requests_user_comes_over_the_images(string? image, string? own, string expected)
    {
        var settings = Resolve(new ContainerConfig { Cmd = ["sh"], User = image }, new ContainerCreation { Image = "busybox", User = own });

        Assert.Equal(expected, settings.User);
    }

    [Theory]
    [InlineData(null, null, "/")]
    [InlineData("", null, "/")]
    [InlineData("/srv", null, "/srv")]
    [InlineData("/srv", "/own", "/own")]
    public void The_requests_working_directory_comes_over_the_images(string? image, string? own, string expected)
    {
        var settings = Resolve(
            new ContainerConfig { Cmd = ["sh"], WorkingDir = image }, new ContainerCreation { Image = "busybox", WorkingDirectory = own });

        Assert.Equal(expected, settings.WorkingDirectory);
    }

    [Fact]
    public void The_requests_labels_come_over_the_images()
    {
        var settings = Resolve(
            new ContainerConfig { Cmd = ["sh"], Labels = new Dictionary<string, string> { ["a"] = "image", ["b"] = "image" } },
            new ContainerCreation { Image = "busybox", Labels = new Dictionary<string, string> { ["b"] = "own", ["c"] = "own" } });

        Assert.Equal(new Dictionary<string, string> { ["a"] = "image", ["b"] = "own", ["c"] = "own" }, settings.Labels);
    }

    [Theory]
    [InlineData(null, 15)]
    [InlineData("SIGQUIT", 3)]
    public void The_image_chooses_the_stop_signal(string? image, int expected)
    {
        Assert.Equal(expected, Resolve(new ContainerConfig { Cmd = ["sh"], StopSignal = image }).StopSignal);
    }

    [Fact]
    public void Everything_else_is_taken_from_the_request()
    {
        var settings = Resolve(
            new ContainerConfig { Cmd = ["sh"] },
            new ContainerCreation
            {
                Image = "busybox",
                Hostname = "host-1.local",
                Networks = [new() { Network = "host" }],
                ReadOnly = true,
            });

        Assert.Equal(("host-1.local", NetworkMode.Host, true), (settings.Hostname, settings.Network, settings.ReadOnly));
        Assert.Equal((null, null, null), (settings.Memory, settings.Cpus, settings.PidsLimit));
    }

    [Fact]
    public void A_hostname_that_is_not_asked_for_derives_from_the_id_or_is_the_hosts()
    {
        var settings = Sample.Settings();

        Assert.Equal("c0ffee000000", settings.HostnameOf(Sample.Id("c0ffee")));
        Assert.Equal(Environment.MachineName, (settings with { Network = NetworkMode.Host }).HostnameOf(Sample.Id("c0ffee")));
        Assert.Equal("own", (settings with { Network = NetworkMode.Host, Hostname = "own" }).HostnameOf(Sample.Id("c0ffee")));
    }

    private static ContainerSettings Resolve(ContainerConfig image, ContainerCreation? creation = null) =>
        SettingsResolution.Resolve(creation ?? new ContainerCreation { Image = "busybox" }, image);

    private static string[]? Words(string? text) => text?.Split('|');
}
