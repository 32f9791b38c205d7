using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;

namespace PsContainers.Engine.Store;

/// <summary>Brings the store's tables to the version that this engine knows.</summary>
internal static class Migration
{
    /// <summary>The resources that lead from one version to the next, in order.</summary>
    private static readonly string[] _steps = ["Schema.sql", "Origins.sql", "Manifests.sql", "Networks.sql", "Volumes.sql"];

    private const int ReservedBytes = 256 * 1024;

    public static int CurrentVersion => _steps.Length;

    public static void Apply(Database database, string databasePath, CancellationToken cancellation)
    {
        if (VersionOf(database, databasePath) == CurrentVersion)
        {
            return;
        }

        // Switching to the write-ahead log and making tables cannot be one transaction, so sessions that come first at once take turns.
        using var turn = FileLocks.Acquire(databasePath + ".lock", isShared: false, cancellation);
        if (VersionOf(database, databasePath) == CurrentVersion)
        {
            return;
        }

        database.Execute("PRAGMA journal_mode = WAL");
        for (var version = VersionOf(database, databasePath); version < CurrentVersion; version++)
        {
            var script = ReadScript(_steps[version]);
            database.Write(Durability.PowerLoss, () => database.Execute($"{script}\nPRAGMA user_version = {version + 1};"));
        }

        Reserve(database);
    }

    // Free pages in the database, and a log that is as long: on a full disk there is room then to record what is removed.
    private static void Reserve(Database database)
    {
        database.Write(Durability.PowerLoss, () => database.Execute(
            $"DROP TABLE IF EXISTS reserve; CREATE TABLE reserve AS SELECT zeroblob({ReservedBytes}) AS bytes"));
        database.TryCheckpoint();
        database.Write(Durability.PowerLoss, () => database.Execute("DROP TABLE reserve"));
        database.TryCheckpoint();
    }

    private static long VersionOf(Database database, string databasePath)
    {
        var version = database.First("PRAGMA user_version", reader => reader.GetInt64(0));
        return version <= CurrentVersion ? version : throw EngineErrors.StoreTooNew(databasePath, version, CurrentVersion);
    }

    private static string ReadScript(string name)
    {
        using var stream = typeof(Migration).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"resource {name} is missing from the engine");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
