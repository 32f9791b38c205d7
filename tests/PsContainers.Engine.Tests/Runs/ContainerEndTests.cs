using System.Net.Sockets;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Tests.Runs;

/// <summary>Waiting for a supervisor, which is a socket here that says nothing.</summary>
public sealed class ContainerEndTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-end-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Where_no_supervisor_is_there_is_nothing_to_wait_for()
    {
        Assert.True(ContainerEnd.Wait(_folder, Timeout.InfiniteTimeSpan, out var exit, CancellationToken.None));
        Assert.Null(exit);
    }

    [Fact]
    public void Waiting_ends_when_the_time_is_up()
    {
        using var supervisor = new RunFiles(_folder).Listen();

        Assert.False(ContainerEnd.Wait(_folder, TimeSpan.FromMilliseconds(30), out _, CancellationToken.None));
    }

    [Fact]
    public void Waiting_ends_when_it_is_cancelled()
    {
        using var supervisor = new RunFiles(_folder).Listen();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(30));

        void Act() => ContainerEnd.Wait(_folder, Timeout.InfiniteTimeSpan, out _, source.Token);

        Assert.ThrowsAny<OperationCanceledException>(Act);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(int.MaxValue)] // 68 years; a timer of .NET runs for 49 days
    public async Task Waiting_ends_when_the_supervisor_goes(int seconds)
    {
        using var supervisor = new RunFiles(_folder).Listen();
        var leaving = Task.Run(() => Leave(supervisor));

        var hasEnded = ContainerEnd.Wait(_folder, TimeSpan.FromSeconds(seconds), out var exit, CancellationToken.None);

        await leaving;
        Assert.True(hasEnded);
        Assert.Null(exit);
    }

    private static void Leave(Socket supervisor)
    {
        using var connection = supervisor.Accept();
        connection.Receive(new byte[64]);
    }
}
