using System.Text.Json;
using Microsoft.Data.Sqlite;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Isolation;

namespace PsContainers.Engine.Store;

/// <summary>The containers' rows.</summary>
internal sealed class ContainerTable(Database database)
{
    private const string Columns =
        "id, name, image, image_name, settings, remove_on_exit, created, status, boot, started, finished, exit_code, out_of_memory, error";

    // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_FOREIGNKEY: https://sqlite.org/rescode.html
    private const int UniqueViolation = 2067;
    private const int ForeignKeyViolation = 787;

    public List<ContainerRow> All() => database.All($"SELECT {Columns} FROM container ORDER BY created, id", Read);

    public ContainerRow? Find(string id) => database.First($"SELECT {Columns} FROM container WHERE id = $1", Read, id);

    public ContainerRow? FindByName(string name) => database.First($"SELECT {Columns} FROM container WHERE name = $1", Read, name);

    /// <summary>At most <paramref name="limit"/> containers whose id begins so. 'g' sorts right behind the hexadecimal digits.</summary>
    public List<ContainerRow> FindByPrefix(string prefix, int limit) => database.All(
        $"SELECT {Columns} FROM container WHERE id >= $1 AND id < $1 || 'g' LIMIT $2", Read, prefix, limit);

    public HashSet<string> Ids() => [.. database.All("SELECT id FROM container", reader => reader.GetString(0))];

    /// <summary>The containers that cannot do without an image: made from it, or with a mount of it.</summary>
    public List<ContainerRow> OfImage(string image) => database.All(
        $"""
        SELECT {Columns} FROM container
        WHERE image = $1 OR id IN (SELECT container FROM container_image_mount AS m WHERE m.image = $1) ORDER BY created, id
        """,
        Read, image);

    /// <summary>Puts a container into the store together with the volumes that are made for it.</summary>
    public InsertOutcome Insert(ContainerDraft draft)
    {
        var row = draft.Row;
        try
        {
            return database.Write(row.Durability, () =>
            {
                if (!AreMountsAsSeen(draft))
                {
                    return InsertOutcome.MountsChanged;
                }

                InsertRow(row.Settings.NeedsIds ? WithIds(row) : row);
                InsertMounts(draft);
                return InsertOutcome.Inserted;
            });
        }
        catch (SqliteException e) when (e.SqliteExtendedErrorCode == UniqueViolation)
        {
            return InsertOutcome.NameInUse;
        }
        catch (SqliteException e) when (e.SqliteExtendedErrorCode == ForeignKeyViolation)
        {
            return InsertOutcome.ImageGone;
        }
    }

    // A start lost in a power cut leaves a container that never ran, which after the cut is as good as true: no fsync.
    public void SetRunning(string id, string boot, DateTime started) => database.Write(Durability.ProcessCrash, () => database.Execute(
        "UPDATE container SET status = 1, boot = $2, started = $3, finished = NULL, exit_code = NULL, out_of_memory = 0, error = NULL "
        + "WHERE id = $1",
        id, boot, started.Ticks));

    public void SetStopped(ContainerRow row) => database.Write(Durability.ProcessCrash, () => database.Execute(
        "UPDATE container SET status = 2, started = $2, finished = $3, exit_code = $4, out_of_memory = $5, error = $6 WHERE id = $1",
        row.Id, row.Started?.Ticks, row.Finished?.Ticks, row.ExitCode, row.OutOfMemory, row.Error));

    public void SetError(string id, string error) => database.Write(
        Durability.ProcessCrash, () => database.Execute("UPDATE container SET error = $2 WHERE id = $1", id, error));

    /// <summary>
    /// Deletes a container's row, and those of its images that the user removed before and nothing else needs; lays hold of its anonymous
    /// volumes that nobody else has.
    /// </summary>
    public ContainerDeletion Delete(ContainerRow row) => database.Write(row.Durability, () =>
    {
        var anonymous = database.All(
            "SELECT volume FROM container_volume JOIN volume ON id = volume WHERE container = $1 AND anonymous = 1",
            reader => reader.GetString(0), row.Id);
        database.Execute("DELETE FROM container WHERE id = $1", row.Id);
        var leaving = anonymous.Where(volume => VolumeTable.BeginRemoval(database, volume) > 0).ToList();
        var gone = row.Images.Where(image => ImageTable.DeleteRemoved(database, image) > 0).ToList();
        return new ContainerDeletion(gone.Count > 0, leaving);
    });

    /// <summary>Keeps new settings for the next start.</summary>
    public void SetSettings(ContainerRow row) => database.Write(row.Durability, () => database.Execute(
        "UPDATE container SET settings = $2 WHERE id = $1",
        row.Id, JsonSerializer.Serialize(row.Settings, StoreJson.Default.ContainerSettings)));

    // Inside the transaction: two sessions that look at once must not find the same range free.
    private ContainerRow WithIds(ContainerRow row)
    {
        var used = database.All(
            "SELECT json_extract(settings, '$.firstHostId') FROM container WHERE json_extract(settings, '$.firstHostId') IS NOT NULL",
            reader => (uint)reader.GetInt64(0));
        var first = IdRange.Choose(used.ToHashSet()) ?? throw EngineErrors.IdRangesExhausted();
        return row with { Settings = row.Settings with { FirstHostId = first } };
    }

    private int InsertRow(ContainerRow row)
    {
        var settings = JsonSerializer.Serialize(row.Settings, StoreJson.Default.ContainerSettings);
        return database.Execute(
            """
            INSERT INTO container (id, name, image, image_name, settings, remove_on_exit, created, status, boot, started)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            row.Id, row.Name, row.ImageId, row.ImageName, settings, row.RemoveOnExit, row.Created.Ticks,
            (int)row.Status, row.Boot, row.Started?.Ticks);
    }

    // Looked at before anything is written: what a transaction returns it commits.
    private bool AreMountsAsSeen(ContainerDraft draft)
    {
        var made = draft.NewVolumes.Select(volume => volume.Id).ToHashSet(StringComparer.Ordinal);
        return AreNone("SELECT COUNT(*) FROM volume WHERE name IN (SELECT value FROM json_each($1))", draft.NewVolumes.Select(v => v.Name))
            && AreAll(
                "SELECT COUNT(*) FROM volume WHERE id IN (SELECT value FROM json_each($1)) "
                + $"AND status <> {(int)ContainerVolumeStatus.Removing}",
                Mounted(draft, mount => mount.Volume).Where(volume => !made.Contains(volume)))
            && AreAll(
                "SELECT COUNT(*) FROM image WHERE id IN (SELECT value FROM json_each($1)) AND removed = 0",
                Mounted(draft, mount => mount.Image));
    }

    private void InsertMounts(ContainerDraft draft)
    {
        foreach (var volume in draft.NewVolumes)
        {
            VolumeTable.Insert(database, volume);
        }

        Insert("INSERT INTO container_volume (container, volume) SELECT $1, value FROM json_each($2)", mount => mount.Volume);
        Insert("INSERT INTO container_image_mount (container, image) SELECT $1, value FROM json_each($2)", mount => mount.Image);

        void Insert(string sql, Func<MountSetting, string?> id)
        {
            if (Mounted(draft, id) is { Count: > 0 } ids)
            {
                database.Execute(sql, draft.Row.Id, Database.List(ids));
            }
        }
    }

    private static List<string> Mounted(ContainerDraft draft, Func<MountSetting, string?> id) =>
        [.. (draft.Row.Settings.Mounts ?? []).Select(id).OfType<string>().Distinct(StringComparer.Ordinal)];

    private bool AreNone(string sql, IEnumerable<string> texts) => Count(sql, [.. texts]) == 0;

    private bool AreAll(string sql, IEnumerable<string> texts)
    {
        List<string> wanted = [.. texts];
        return Count(sql, wanted) == wanted.Count;
    }

    private int Count(string sql, List<string> texts) =>
        texts.Count == 0 ? 0 : database.First(sql, reader => reader.GetInt32(0), Database.List(texts));

    private static ContainerRow Read(SqliteDataReader reader) => new()
    {
        Id = reader.GetString(0),
        Name = reader.GetString(1),
        ImageId = reader.GetString(2),
        ImageName = reader.GetString(3),
        Settings = JsonSerializer.Deserialize(reader.GetString(4), StoreJson.Default.ContainerSettings)!,
        RemoveOnExit = reader.GetBoolean(5),
        Created = Time(reader, 6)!.Value,
        Status = (ContainerStatus)reader.GetInt32(7),
        Boot = reader.IsDBNull(8) ? null : reader.GetString(8),
        Started = Time(reader, 9),
        Finished = Time(reader, 10),
        ExitCode = reader.IsDBNull(11) ? null : reader.GetInt32(11),
        OutOfMemory = reader.GetBoolean(12),
        Error = reader.IsDBNull(13) ? null : reader.GetString(13),
    };

    private static DateTime? Time(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DateTime(reader.GetInt64(column), DateTimeKind.Utc);
}
