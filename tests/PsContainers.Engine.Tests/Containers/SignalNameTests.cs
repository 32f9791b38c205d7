using PsContainers.Engine.Containers;

namespace PsContainers.Engine.Tests.Containers;

public sealed class SignalNameTests
{
    [Fact]
    public void Every_name_has_the_number_of_its_place()
    {
        for (var i = 0; i < SignalName.All.Count; i++)
        {
            Assert.Equal(i + 1, SignalName.Find(SignalName.All[i]));
            Assert.Equal(i + 1, SignalName.Find($"sig{SignalName.All[i]}"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("KILLL")]
    public void What_is_no_signal_has_no_number(string text)
    {
        Assert.Null(SignalName.Find(text));
    }
}
