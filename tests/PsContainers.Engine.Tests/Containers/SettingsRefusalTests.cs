using PsContainers.Engine.Containers;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests.Containers;

public sealed class SettingsRefusalTests
{
    private static readonly ContainerConfig _image = new() { Cmd = ["sh"] };
    private static readonly ContainerCreation _creation = new() { Image = "busybox" };

    public static readonly TheoryData<string[]?, string[]?> NoCommands = new()
    {
        { null, null },
        { [], null },
        { [""], null },
        { null, [""] },
        { null, ["", "x"] },
        { ["", "x"], ["y"] },
    };

    [Theory]
    [MemberData(nameof(NoCommands))]
    public void A_container_without_a_command_is_refused(string[]? entrypoint, string[]? command)
    {
        var error = Refusal(_creation with { Entrypoint = entrypoint, Command = command }, new ContainerConfig());

        Assert.Equal("ImageCommandMissing", error.ErrorId);
        Assert.Equal("busybox", error.Target);
    }

    [Fact]
    public void An_entry_point_that_is_taken_away_takes_the_images_command_with_it()
    {
        Assert.Equal("ImageCommandMissing", Refusal(_creation with { Entrypoint = [""] }).ErrorId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(1024)]
    [InlineData((6 * 1024 * 1024) - 1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void An_impossible_memory_limit_is_refused(long memory)
    {
        AssertLimit("Memory", _creation with { Memory = memory });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.009)]
    [InlineData(100_000)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_impossible_processor_limit_is_refused(double cpus)
    {
        AssertLimit("Cpus", _creation with { Cpus = cpus });
    }

    // The kernel takes at most 4,194,304, the most processes a machine can have: kernel/cgroup/pids.c, PIDS_MAX.
    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(4_194_305)]
    [InlineData(long.MaxValue)]
    public void An_impossible_process_limit_is_refused(long pids)
    {
        AssertLimit("PidsLimit", _creation with { PidsLimit = pids });
    }

    [Theory]
    [InlineData("")]
    [InlineData("srv")]
    [InlineData("./srv")]
    [InlineData("/srv\0")]
    public void A_working_directory_that_is_no_absolute_path_is_refused(string directory)
    {
        Assert.Equal("InvalidWorkingDirectory", Refusal(_creation with { WorkingDirectory = directory }).ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-host")]
    [InlineData(".host")]
    [InlineData("my host")]
    [InlineData("host\n")]
    [InlineData("host\0")]
    [InlineData("hôst")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void A_bad_hostname_is_refused(string hostname)
    {
        Assert.Equal("InvalidHostname", Refusal(_creation with { Hostname = hostname }).ErrorId);
    }

    [Theory]
    [InlineData("a:b:c")]
    [InlineData(":group")]
    [InlineData("www\0")]
    [InlineData("www\nroot")]
    [InlineData("../passwd")]
    public void A_bad_user_is_refused(string user)
    {
        Assert.Equal("InvalidUser", Refusal(_creation with { User = user }).ErrorId);
        Assert.Equal("InvalidUser", Refusal(_creation, _image with { User = user }).ErrorId);
    }

    [Fact]
    public void An_argument_with_a_NUL_character_is_refused()
    {
        Assert.Equal("InvalidArgument", Refusal(_creation with { Command = ["sh", "a\0b"] }).ErrorId);
        Assert.Equal("InvalidArgument", Refusal(_creation with { Entrypoint = ["sh\0"] }).ErrorId);
        Assert.Equal("InvalidArgument", Refusal(_creation, new ContainerConfig { Cmd = ["sh", "\0"] }).ErrorId);
    }

    [Theory]
    [InlineData("A", "x\0y")]
    [InlineData("A\0", "x")]
    [InlineData("A=B", "x")]
    [InlineData("", "x")]
    public void A_bad_variable_is_refused(string name, string value)
    {
        var creation = _creation with { Environment = new Dictionary<string, string> { [name] = value } };

        Assert.Equal("InvalidEnvironment", Refusal(creation).ErrorId);
    }

    [Fact]
    public void A_variable_of_the_image_with_a_NUL_character_is_refused()
    {
        Assert.Equal("InvalidEnvironment", Refusal(_creation, _image with { Env = ["A=x\0y"] }).ErrorId);
    }

    private static ContainerEngineException Refusal(ContainerCreation creation, ContainerConfig? image = null) =>
        Assert.Throws<ContainerEngineException>(() => SettingsResolution.Resolve(creation, image ?? _image));

    private static void AssertLimit(string name, ContainerCreation creation)
    {
        var error = Refusal(creation);

        Assert.Equal("InvalidLimit", error.ErrorId);
        Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        Assert.Equal(name, error.Target);
    }
}
