using System.Text.Json;
using Microsoft.Data.Sqlite;
using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>The volumes' rows, and who has them.</summary>
internal sealed class VolumeTable(Database database)
{
    private const string Columns = "name, definition, labels, anonymous, created, status, result";
    private const string UseColumns = "volume, user, target, person, result";

    private const string IsFree =
        "NOT EXISTS (SELECT 1 FROM container_volume WHERE volume = $1) AND NOT EXISTS (SELECT 1 FROM volume_use WHERE volume = $1)";

    public List<VolumeRow> All() => database.All($"SELECT {Columns} FROM volume ORDER BY anonymous, name", Read);

    public HashSet<string> Ids() => [.. database.All("SELECT id FROM volume", reader => reader.GetString(0))];

    public VolumeRow? Find(string id) => database.First($"SELECT {Columns} FROM volume WHERE id = $1", Read, id);

    public VolumeRow? FindByName(string name) => database.First($"SELECT {Columns} FROM volume WHERE name = $1", Read, name);

    /// <summary>Those of the names that there are, by name.</summary>
    public Dictionary<string, VolumeRow> FindByNames(IEnumerable<string> names) => database
        .All($"SELECT {Columns} FROM volume WHERE name IN (SELECT value FROM json_each($1))", Read, Database.List(names))
        .ToDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>The names that volumes have now, by id.</summary>
    public Dictionary<string, string> NamesOf(IEnumerable<string> ids) => database
        .All(
            "SELECT id, name FROM volume WHERE id IN (SELECT value FROM json_each($1))",
            reader => (Id: reader.GetString(0), Name: reader.GetString(1)), Database.List(ids))
        .ToDictionary(volume => volume.Id, volume => volume.Name, StringComparer.Ordinal);

    /// <summary>At most <paramref name="limit"/> volumes whose id begins so. 'g' sorts right behind the hexadecimal digits.</summary>
    public List<VolumeRow> FindByPrefix(string prefix, int limit) =>
        database.All($"SELECT {Columns} FROM volume WHERE id >= $1 AND id < $1 || 'g' LIMIT $2", Read, prefix, limit);

    /// <summary>The volumes that a container has, by id.</summary>
    public Dictionary<string, VolumeRow> OfContainer(string container) => database
        .All($"SELECT {Columns} FROM container_volume JOIN volume ON id = volume WHERE container = $1", Read, container)
        .ToDictionary(row => row.Id, StringComparer.Ordinal);

    /// <summary>The ids of a container's volumes that somebody is filling, or was killed at it.</summary>
    public HashSet<string> FillingOf(string container) =>
    [
        .. database.All(
            "SELECT id FROM container_volume JOIN volume ON id = volume "
            + $"WHERE container = $1 AND status = {(int)ContainerVolumeStatus.Filling}",
            reader => reader.GetString(0), container),
    ];

    /// <summary>The names of the containers that have a volume.</summary>
    public List<string> HoldersOf(string id) => database.All(
        "SELECT c.name FROM container_volume JOIN container AS c ON c.id = container WHERE volume = $1 ORDER BY c.name",
        reader => reader.GetString(0), id);

    /// <summary>Those that were to be removed, and are still there.</summary>
    public List<VolumeRow> Leaving() =>
        database.All($"SELECT {Columns} FROM volume WHERE status = {(int)ContainerVolumeStatus.Removing}", Read);

    /// <summary>False when there is one of this name.</summary>
    public bool TryAdd(VolumeRow row) => database.Write(Durability.PowerLoss, () => Insert(database, row) > 0);

    /// <summary>Inside a transaction.</summary>
    /// <returns>How many rows it made: one, or none when there is one of this name.</returns>
    public static int Insert(Database database, VolumeRow row) => database.Execute(
        """
        INSERT INTO volume (id, name, definition, labels, anonymous, created, status) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING
        """,
        row.Id, row.Name, JsonSerializer.Serialize(row.Definition, StoreJson.Default.VolumeDefinition),
        JsonSerializer.Serialize(row.Labels!, StoreJson.Default.IReadOnlyDictionaryStringString), row.IsAnonymous, row.Created.Ticks,
        (int)row.Status);

    /// <summary>
    /// Adds a volume as one that is to be removed, with the use of who fills it: whoever is killed at that leaves nothing that anybody
    /// could take for a whole one. False when there is one of this name.
    /// </summary>
    public bool TryAddUnfinished(VolumeRow row, VolumeUseRow use) => database.Write(
        Durability.PowerLoss,
        () => Insert(database, row with { Status = ContainerVolumeStatus.Removing }) > 0 && database.Execute(
            "INSERT INTO volume_use (volume, user, person) VALUES ($1, $2, $3)", use.Volume, use.User, use.IsPerson) > 0);

    /// <summary>What its driver answered when it made one that is not finished.</summary>
    public void SetResult(string id, VolumeResult result) => database.Write(Durability.PowerLoss, () => database.Execute(
        "UPDATE volume SET result = $2 WHERE id = $1", id, JsonSerializer.Serialize(result, StoreJson.Default.VolumeResult)));

    /// <summary>Its driver has made it.</summary>
    public void SetReady(string id, VolumeResult result, Durability durability) => database.Write(durability, () => database.Execute(
        "UPDATE volume SET status = $2, result = $3 WHERE id = $1",
        id, (int)ContainerVolumeStatus.Ready, JsonSerializer.Serialize(result, StoreJson.Default.VolumeResult)));

    public void SetStatus(string id, ContainerVolumeStatus status, Durability durability) => database.Write(
        durability, () => database.Execute("UPDATE volume SET status = $2 WHERE id = $1", id, (int)status));

    /// <summary>From here on nobody gets the volume; false when somebody has it.</summary>
    public bool TryBeginRemoval(string id) => database.Write(Durability.PowerLoss, () => BeginRemoval(database, id) > 0);

    /// <summary>As <see cref="TryBeginRemoval"/>, inside a transaction.</summary>
    /// <returns>How many volumes that were: one or none.</returns>
    public static int BeginRemoval(Database database, string id) => database.Execute(
        $"UPDATE volume SET status = {(int)ContainerVolumeStatus.Removing} WHERE id = $1 AND {IsFree}", id);

    /// <summary>Forgets a volume whose driver has removed it.</summary>
    public void Delete(string id) =>
        database.Write(Durability.PowerLoss, () => database.Execute("DELETE FROM volume WHERE id = $1", id));

    /// <summary>False when there is one of this name.</summary>
    public bool TryRename(string id, string name) => database.Write(Durability.PowerLoss, () => database.Execute(
        "UPDATE volume SET name = $2, anonymous = 0 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM volume WHERE name = $2 AND id <> $1)",
        id, name) > 0);

    public List<VolumeUseRow> UsesBy(string user) =>
        database.All($"SELECT {UseColumns} FROM volume_use WHERE user = $1 ORDER BY volume", ReadUse, user);

    public List<VolumeUseRow> UsesOf(string volume) =>
        database.All($"SELECT {UseColumns} FROM volume_use WHERE volume = $1 ORDER BY user", ReadUse, volume);

    public VolumeUseRow? FindUse(string volume, string user) =>
        database.First($"SELECT {UseColumns} FROM volume_use WHERE volume = $1 AND user = $2", ReadUse, volume, user);

    /// <summary>False when the volume is being removed, or gone.</summary>
    public bool TryAddUse(VolumeUseRow row) => database.Write(Durability.ProcessCrash, () => database.Execute(
        $"""
        INSERT INTO volume_use (volume, user, target, person)
        SELECT id, $2, $3, $4 FROM volume WHERE id = $1 AND status <> {(int)ContainerVolumeStatus.Removing}
        ON CONFLICT (volume, user) DO UPDATE SET target = $3
        """,
        row.Volume, row.User, row.Target, row.IsPerson) > 0);

    public void SetUse(VolumeUseRow row) => database.Write(Durability.ProcessCrash, () => database.Execute(
        "UPDATE volume_use SET result = $3 WHERE volume = $1 AND user = $2",
        row.Volume, row.User, JsonSerializer.Serialize(row.Result!, StoreJson.Default.VolumeMountResult)));

    public void RemoveUse(VolumeUseRow row) => database.Write(
        Durability.ProcessCrash,
        () => database.Execute("DELETE FROM volume_use WHERE volume = $1 AND user = $2", row.Volume, row.User));

    private static VolumeRow Read(SqliteDataReader reader) => new(
        reader.GetString(0),
        JsonSerializer.Deserialize(reader.GetString(1), StoreJson.Default.VolumeDefinition)!,
        JsonSerializer.Deserialize(reader.GetString(2), StoreJson.Default.IReadOnlyDictionaryStringString)!,
        reader.GetBoolean(3),
        new DateTime(reader.GetInt64(4), DateTimeKind.Utc),
        (ContainerVolumeStatus)reader.GetInt32(5),
        reader.IsDBNull(6) ? null : JsonSerializer.Deserialize(reader.GetString(6), StoreJson.Default.VolumeResult));

    private static VolumeUseRow ReadUse(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.IsDBNull(2) ? null : reader.GetString(2),
        reader.GetBoolean(3),
        reader.IsDBNull(4) ? null : JsonSerializer.Deserialize(reader.GetString(4), StoreJson.Default.VolumeMountResult));
}
