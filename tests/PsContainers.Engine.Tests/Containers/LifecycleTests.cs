using PsContainers.Engine.Containers;

namespace PsContainers.Engine.Tests.Containers;

public sealed class LifecycleTests
{
    /// <summary>The table once more, pair by pair.</summary>
    public static readonly TheoryData<ContainerStatus, string, string> Table = new()
    {
        { ContainerStatus.Created, "Start", "Proceed" },
        { ContainerStatus.Created, "Stop", "AlreadyDone" },
        { ContainerStatus.Created, "Wait", "Refuse" },
        { ContainerStatus.Created, "Remove", "Proceed" },
        { ContainerStatus.Created, "RemoveByForce", "Proceed" },
        { ContainerStatus.Running, "Start", "AlreadyDone" },
        { ContainerStatus.Running, "Stop", "Proceed" },
        { ContainerStatus.Running, "Wait", "Proceed" },
        { ContainerStatus.Running, "Remove", "Refuse" },
        { ContainerStatus.Running, "RemoveByForce", "Proceed" },
        { ContainerStatus.Stopped, "Start", "Proceed" },
        { ContainerStatus.Stopped, "Stop", "AlreadyDone" },
        { ContainerStatus.Stopped, "Wait", "AlreadyDone" },
        { ContainerStatus.Stopped, "Remove", "Proceed" },
        { ContainerStatus.Stopped, "RemoveByForce", "Proceed" },
        { ContainerStatus.Paused, "Start", "Refuse" },
        { ContainerStatus.Paused, "Stop", "Proceed" },
        { ContainerStatus.Paused, "Wait", "Proceed" },
        { ContainerStatus.Paused, "Remove", "Refuse" },
        { ContainerStatus.Paused, "RemoveByForce", "Proceed" },
        { ContainerStatus.Created, "Suspend", "Refuse" },
        { ContainerStatus.Running, "Suspend", "Proceed" },
        { ContainerStatus.Stopped, "Suspend", "Refuse" },
        { ContainerStatus.Paused, "Suspend", "AlreadyDone" },
        { ContainerStatus.Created, "Resume", "Refuse" },
        { ContainerStatus.Running, "Resume", "AlreadyDone" },
        { ContainerStatus.Stopped, "Resume", "Refuse" },
        { ContainerStatus.Paused, "Resume", "Proceed" },
        { ContainerStatus.Created, "Execute", "Refuse" },
        { ContainerStatus.Running, "Execute", "Proceed" },
        { ContainerStatus.Stopped, "Execute", "Refuse" },
        { ContainerStatus.Paused, "Execute", "Refuse" },

        { ContainerStatus.Created, "Signal", "Refuse" },
        { ContainerStatus.Running, "Signal", "Proceed" },
        { ContainerStatus.Stopped, "Signal", "Refuse" },
        { ContainerStatus.Paused, "Signal", "Proceed" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_pair_has_its_meaning(ContainerStatus status, string action, string meaning)
    {
        var step = Lifecycle.Decide(status, Enum.Parse<ContainerAction>(action));

        Assert.Equal(Enum.Parse<LifecycleStep>(meaning), step);
    }

    [Fact]
    public void The_table_above_has_every_pair()
    {
        var pairs = Table.Select(row => (row.Data.Item1, row.Data.Item2)).ToHashSet();

        var all = Enum.GetValues<ContainerStatus>()
            .SelectMany(_ => Enum.GetNames<ContainerAction>(), (status, action) => (status, action));

        Assert.Equal(all.ToHashSet(), pairs);
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void There_is_something_to_do_only_where_the_action_proceeds(ContainerStatus status, string action, string meaning)
    {
        bool Act() => Lifecycle.Proceeds("web", status, Enum.Parse<ContainerAction>(action));

        if (meaning == "Refuse")
        {
            Assert.Equal(EngineErrorKind.InvalidState, Assert.Throws<ContainerEngineException>(() => Act()).Kind);
        }
        else
        {
            Assert.Equal(meaning == "Proceed", Act());
        }
    }

    [Fact]
    public void A_running_container_cannot_be_removed()
    {
        static void Act() => Lifecycle.Proceeds("web", ContainerStatus.Running, ContainerAction.Remove);

        var error = Assert.Throws<ContainerEngineException>(Act);

        Assert.Equal("ContainerRunning", error.ErrorId);
        Assert.Equal("web", error.Target);
    }

    [Theory]
    [InlineData("Start")]
    [InlineData("Remove")]
    public void What_a_paused_container_refuses_says_that_it_is_paused(string action)
    {
        void Act() => Lifecycle.Proceeds("web", ContainerStatus.Paused, Enum.Parse<ContainerAction>(action));

        Assert.Equal("ContainerPaused", Assert.Throws<ContainerEngineException>(Act).ErrorId);
    }

    [Fact]
    public void A_container_that_was_never_started_cannot_be_waited_for()
    {
        static void Act() => Lifecycle.Proceeds("web", ContainerStatus.Created, ContainerAction.Wait);

        var error = Assert.Throws<ContainerEngineException>(Act);

        Assert.Equal("ContainerNotRunning", error.ErrorId);
    }
}
