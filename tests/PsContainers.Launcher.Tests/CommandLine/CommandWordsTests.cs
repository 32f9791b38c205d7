using PsContainers.Launcher.CommandLine;

namespace PsContainers.Launcher.Tests.CommandLine;

public sealed class CommandWordsTests
{
    private static readonly OptionSyntax _anywhere = new OptionSyntax().Value("--bundle", "-b").Flag("--force", "-f");
    private static readonly OptionSyntax _before = new OptionSyntax { OwnWords = 1 }.Value("--env", "-e").Flag("--tty", "-t");

    [Theory]
    [InlineData("--bundle dir id")]
    [InlineData("--bundle=dir id")]
    [InlineData("-b dir id")]
    [InlineData("id --bundle dir")]
    [InlineData("--bundle other --bundle dir id")]
    public void Value_is_found_however_it_is_written(string words)
    {
        var parsed = CommandWords.Parse(words.Split(' '), _anywhere);

        Assert.Equal("dir", parsed.Value("--bundle"));
        Assert.Equal(["id"], parsed.Plain);
    }

    [Theory]
    [InlineData("--force", true)]
    [InlineData("-f", true)]
    [InlineData("--force=true", true)]
    [InlineData("--force=false", false)]
    [InlineData("id", false)]
    public void Flag_is_there_or_not(string word, bool expected) =>
        Assert.Equal(expected, CommandWords.Parse([word], _anywhere).Has("--force"));

    [Fact]
    public void Words_behind_the_commands_own_are_the_containers()
    {
        var parsed = CommandWords.Parse(["-e", "A=1", "--env=B=2", "id", "sh", "-t", "--", "x"], _before);

        Assert.Equal(["A=1", "B=2"], parsed.Values("--env"));
        Assert.False(parsed.Has("--tty"));
        Assert.Equal(["id", "sh", "-t", "--", "x"], parsed.Plain);
    }

    [Fact]
    public void Two_dashes_end_the_options() =>
        Assert.Equal(["id", "--force"], CommandWords.Parse(["id", "--", "--force"], _anywhere).Plain);

    [Fact]
    public void Value_may_be_empty_or_look_like_an_option()
    {
        Assert.Equal("", CommandWords.Parse(["--bundle="], _anywhere).Value("--bundle"));
        Assert.Equal("--force", CommandWords.Parse(["--bundle", "--force"], _anywhere).Value("--bundle"));
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--nonsense=1", "--nonsense")]
    [InlineData("--bundle", "--bundle")]
    public void What_cannot_be_understood_is_named(string word, string named) => Assert.Contains(
        named, Assert.Throws<CommandLineException>(() => CommandWords.Parse([word], _anywhere)).Message, StringComparison.Ordinal);
}
