using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Tests;

public sealed class RollbackTests
{
    private readonly List<string> _undone = [];

    [Fact]
    public void Steps_are_undone_last_first()
    {
        using (var rollback = new Rollback())
        {
            rollback.Add(() => _undone.Add("first"));
            rollback.Add(() => _undone.Add("second"));
            rollback.Add(() => _undone.Add("third"));
        }

        Assert.Equal(["third", "second", "first"], _undone);
    }

    [Fact]
    public void Nothing_is_undone_after_a_commit()
    {
        using (var rollback = new Rollback())
        {
            rollback.Add(() => _undone.Add("first"));
            rollback.Commit();
        }

        Assert.Empty(_undone);
    }

    [Fact]
    public void A_step_after_a_commit_is_undone()
    {
        using (var rollback = new Rollback())
        {
            rollback.Add(() => _undone.Add("first"));
            rollback.Commit();
            rollback.Add(() => _undone.Add("second"));
        }

        Assert.Equal(["second"], _undone);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(StoreFailure))]
    [InlineData(typeof(ContainerEngineException))]
    public void An_undo_that_fails_does_not_keep_the_others_back(Type failure)
    {
        using (var rollback = new Rollback())
        {
            rollback.Add(() => _undone.Add("first"));
            rollback.Add(() => throw Failure(failure));
            rollback.Add(() => _undone.Add("third"));
        }

        Assert.Equal(["third", "first"], _undone);
    }

    [Fact]
    public void The_failure_that_led_to_the_rollback_is_the_one_that_comes_out()
    {
        void Act()
        {
            using var rollback = new Rollback();
            rollback.Add(() => throw new IOException("undo"));
            throw new IOException("cause");
        }

        Assert.Equal("cause", Assert.Throws<IOException>(Act).Message);
    }

    [Fact]
    public void A_bug_in_an_undo_is_not_hidden()
    {
        static void Act()
        {
            using var rollback = new Rollback();
            rollback.Add(() => throw new InvalidOperationException("bug"));
        }

        Assert.Throws<InvalidOperationException>(Act);
    }

    /// <summary>As SQLite reports a database that is locked.</summary>
    private sealed class StoreFailure : System.Data.Common.DbException;

    private static Exception Failure(Type type) => type == typeof(ContainerEngineException)
        ? EngineErrors.ContainerNotFound("web")
        : (Exception)Activator.CreateInstance(type)!;
}
