using Microsoft.Data.Sqlite;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Store;

public sealed class DatabaseTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public DatabaseTests() => Database.Execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, text TEXT)");

    private Database Database => _sandbox.Database;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Values_come_back_as_they_were_given()
    {
        Database.Execute("INSERT INTO thing (id, text) VALUES ($1, $2)", 1, "it's; a -- test \u00fc");
        Database.Execute("INSERT INTO thing (id, text) VALUES ($1, $2)", 2, null);

        Assert.Equal(["it's; a -- test \u00fc", null], Texts(Database));
    }

    [Fact]
    public void A_statement_says_how_many_rows_it_changed()
    {
        Insert(Database, 1);
        Insert(Database, 2);

        Assert.Equal(2, Database.Execute("UPDATE thing SET text = $1", "x"));
        Assert.Equal(0, Database.Execute("DELETE FROM thing WHERE id = $1", 3));
    }

    [Fact]
    public void No_row_reads_as_null()
    {
        Assert.Null(Database.First("SELECT text FROM thing WHERE id = $1", reader => reader.GetString(0), 1));
    }

    [Fact]
    public void A_transaction_that_fails_leaves_nothing()
    {
        void Act() => Database.Write<int>(Durability.PowerLoss, () =>
        {
            Insert(Database, 1);
            throw new IOException("cause");
        });

        Assert.Equal("cause", Assert.Throws<IOException>(Act).Message);
        Assert.Empty(Texts(Database));
    }

    [Fact]
    public void After_a_transaction_that_failed_the_next_one_works()
    {
        void Fail() => Database.Write(Durability.PowerLoss, () => Database.Execute("INSERT INTO nowhere VALUES (1)"));
        Assert.Throws<SqliteException>(Fail);

        Database.Write(Durability.PowerLoss, () => Insert(Database, 1));

        Assert.Single(Texts(Database));
    }

    // sqlite.org/lang_transaction.html: a full disk, for one, makes SQLite end the transaction by itself.
    [Fact]
    public void The_failure_of_a_transaction_that_SQLite_has_ended_itself_is_the_one_that_comes_out()
    {
        Insert(Database, 1);

        var failure = Assert.Throws<SqliteException>(() => Database.Write(
            Durability.PowerLoss, () => Database.Execute("INSERT OR ROLLBACK INTO thing (id) VALUES (1)")));

        Assert.Equal(19, failure.SqliteErrorCode);
    }

    [Fact]
    public void What_a_transaction_has_not_committed_nobody_else_sees()
    {
        using var other = _sandbox.OpenDatabase();

        Database.Write(Durability.PowerLoss, () =>
        {
            Insert(Database, 1);
            Assert.Empty(Texts(other));
            return 0;
        });

        Assert.Single(Texts(other));
    }

    [Theory]
    [InlineData("PowerLoss", 2)]
    [InlineData("ProcessCrash", 1)]
    public void Only_what_must_survive_a_power_cut_waits_for_the_disk(string durability, long synchronous)
    {
        foreach (var before in Enum.GetValues<Durability>())
        {
            Database.Write(before, () => 0);

            var level = Database.Write(
                Enum.Parse<Durability>(durability), () => Database.First("PRAGMA synchronous", reader => reader.GetInt64(0)));

            Assert.Equal(synchronous, level);
        }
    }

    [Fact]
    public void References_are_checked()
    {
        Assert.Equal(1, Database.First("PRAGMA foreign_keys", reader => reader.GetInt64(0)));
    }

    [Fact]
    public void What_is_committed_is_there_for_whoever_opens_the_store_later()
    {
        using (var first = _sandbox.OpenDatabase())
        {
            Insert(first, 1);
        }

        using var second = _sandbox.OpenDatabase();

        Assert.Single(Texts(second));
    }

    [Fact]
    public void Several_threads_share_one_connection()
    {
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 25; i++)
            {
                Database.Write(Durability.ProcessCrash, () => Add(Database));
                Assert.NotEmpty(Texts(Database));
            }
        });

        Assert.Equal(200, Texts(Database).Count);
    }

    [Fact]
    public async Task Nobody_else_writes_between_the_reads_and_the_writes_of_a_transaction()
    {
        using var other = _sandbox.OpenDatabase();
        var collision = Task.CompletedTask;

        Database.Write(Durability.ProcessCrash, () =>
        {
            var last = Texts(Database).Count;
            collision = Task.Run(() => other.Write(Durability.ProcessCrash, () => Add(other)));
            Assert.False(collision.Wait(100));
            return Insert(Database, last + 1);
        });

        await collision;
        Assert.Equal(2, Texts(Database).Count);
    }

    [Fact]
    public void Several_connections_write_at_once_and_lose_nothing()
    {
        AtOnce.Run(6, _ =>
        {
            using var database = _sandbox.OpenDatabase();
            for (var i = 0; i < 20; i++)
            {
                database.Write(Durability.ProcessCrash, () => Add(database));
            }
        });

        Assert.Equal(120, Texts(Database).Count);
    }

    private static int Add(Database database)
    {
        var last = database.First("SELECT max(id) FROM thing", reader => reader.IsDBNull(0) ? 0 : reader.GetInt64(0));
        return database.Execute("INSERT INTO thing (id) VALUES ($1)", last + 1);
    }

    private static int Insert(Database database, int id) => database.Execute("INSERT INTO thing (id) VALUES ($1)", id);

    private static List<string?> Texts(Database database) =>
        database.All("SELECT text FROM thing ORDER BY id", reader => reader.IsDBNull(0) ? null : reader.GetString(0));
}
