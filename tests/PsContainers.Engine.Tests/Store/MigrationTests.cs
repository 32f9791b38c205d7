using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Store;

public sealed class MigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-migration-").FullName;

    private string StorePath => Path.Combine(_folder, "pscontainers.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_fresh_store_gets_all_tables()
    {
        using var database = Migrated();

        Assert.Equal(Migration.CurrentVersion, VersionOf(database));
        Assert.Equal(
            [
                "attachment", "container", "container_image_mount", "container_volume", "image", "image_layer", "image_name",
                "leased_address", "manifest_entry", "manifest_list", "network", "published_port", "run_home", "volume", "volume_use",
            ],
            Tables(database));
        Assert.Equal("wal", database.First("PRAGMA journal_mode", reader => reader.GetString(0)));
    }

    [Fact]
    public void A_current_store_stays_as_it_is()
    {
        using (var first = Migrated())
        {
            new ImageTable(first).Put(Sample.Image());
        }

        File.Delete(StorePath + ".lock");

        using var second = Migrated();

        Assert.NotNull(new ImageTable(second).Find(Sample.Image().Id));
        Assert.False(File.Exists(StorePath + ".lock"), "nobody has to take turns when there is nothing to do");
    }

    [Fact]
    public void A_store_of_a_later_engine_is_refused_and_left_alone()
    {
        using (var later = Database.Open(StorePath))
        {
            later.Execute("CREATE TABLE novelty (id INTEGER)");
            later.Execute("PRAGMA user_version = 99");
        }

        var error = Assert.Throws<ContainerEngineException>(Migrated);

        Assert.Equal("StoreTooNew", error.ErrorId);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        using var database = Database.Open(StorePath);
        Assert.Equal(["novelty"], Tables(database));
    }

    [Fact]
    public void A_migration_that_fails_leaves_no_table()
    {
        using (var odd = Database.Open(StorePath))
        {
            odd.Execute("CREATE TABLE container (id INTEGER)");
        }

        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(Migrated);

        using var database = Database.Open(StorePath);
        Assert.Equal(["container"], Tables(database));
        Assert.Equal(0, VersionOf(database));
    }

    [Fact]
    public void Several_sessions_make_the_store_at_once()
    {
        AtOnce.Run(8, number =>
        {
            using var database = Migrated();
            new ImageTable(database).Put(Sample.Image($"image-{number}"));
        });

        using var store = Migrated();
        Assert.Equal(8, new ImageTable(store).All().Count);
    }

    [Fact]
    public void Several_processes_make_the_store_at_once_and_one_of_them_gets_the_name()
    {
        var paths = new EnginePaths(_folder, _folder);

        var codes = SecondProcess.InsertAtOnce(paths, 4);

        Assert.Equal([1, 2, 2, 2], codes.Order());
        using var database = Migrated();
        Assert.Equal(["contested", "own-0", "own-1", "own-2", "own-3"], new ContainerTable(database).All().Select(row => row.Name).Order());
    }

    private Database Migrated()
    {
        var database = Database.Open(StorePath);
        try
        {
            Migration.Apply(database, StorePath, CancellationToken.None);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static long VersionOf(Database database) => database.First("PRAGMA user_version", reader => reader.GetInt64(0));

    private static List<string> Tables(Database database) =>
        database.All("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", reader => reader.GetString(0));
}
