using System.Text.Json;
using Microsoft.Data.Sqlite;
using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>The networks' rows.</summary>
internal sealed class NetworkTable(Database database)
{
    private const string Columns = "definition, labels, created";

    public List<NetworkRow> All() => database.All($"SELECT {Columns} FROM network ORDER BY name", Read);

    public HashSet<string> Ids() => [.. database.All("SELECT id FROM network", reader => reader.GetString(0))];

    public NetworkRow? Find(string id) => database.First($"SELECT {Columns} FROM network WHERE id = $1", Read, id);

    public NetworkRow? FindByName(string name) => database.First($"SELECT {Columns} FROM network WHERE name = $1", Read, name);

    /// <summary>At most <paramref name="limit"/> networks whose id begins so. 'g' sorts right behind the hexadecimal digits.</summary>
    public List<NetworkRow> FindByPrefix(string prefix, int limit) =>
        database.All($"SELECT {Columns} FROM network WHERE id >= $1 AND id < $1 || 'g' LIMIT $2", Read, prefix, limit);

    /// <summary>Adds a network that was made with all others in sight; false when one was added or removed since.</summary>
    public bool TryAdd(NetworkRow row, IReadOnlyCollection<string> others) => database.Write(Durability.PowerLoss, () =>
    {
        var known = database.All("SELECT id FROM network", reader => reader.GetString(0));
        return known.Count == others.Count && !known.Except(others).Any() && database.Execute(
            "INSERT INTO network (id, name, definition, labels, created) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            row.Id, row.Name, Json(row.Definition), Json(row.Labels), row.Created.Ticks) > 0;
    });

    /// <summary>Changes a network that no container is attached to; false when one is.</summary>
    public bool TryChange(NetworkRow row) => database.Write(Durability.PowerLoss, () => !IsAttached(row.Id) && Set(row));

    /// <summary>Changes what is nobody's business but the user's.</summary>
    public void SetLabels(NetworkRow row) => database.Write(
        Durability.PowerLoss, () => database.Execute("UPDATE network SET labels = $2 WHERE id = $1", row.Id, Json(row.Labels)));

    /// <summary>Removes a network that no container is attached to; false when one is.</summary>
    public bool TryRemove(string id) => database.Write(Durability.PowerLoss, () =>
    {
        var isFree = !IsAttached(id);
        if (isFree)
        {
            database.Execute("DELETE FROM network WHERE id = $1", id);
        }

        return isFree;
    });

    private bool IsAttached(string id) =>
        database.First("SELECT 1 FROM attachment WHERE network = $1 LIMIT 1", reader => reader.GetInt32(0), id) == 1;

    private bool Set(NetworkRow row) => database.Execute(
        "UPDATE network SET definition = $2, labels = $3 WHERE id = $1", row.Id, Json(row.Definition), Json(row.Labels)) > 0;

    private static string Json(NetworkDefinition definition) => JsonSerializer.Serialize(definition, StoreJson.Default.NetworkDefinition);

    private static string Json(IReadOnlyDictionary<string, string> labels) =>
        JsonSerializer.Serialize(labels!, StoreJson.Default.IReadOnlyDictionaryStringString);

    private static NetworkRow Read(SqliteDataReader reader) => new(
        JsonSerializer.Deserialize(reader.GetString(0), StoreJson.Default.NetworkDefinition)!,
        JsonSerializer.Deserialize(reader.GetString(1), StoreJson.Default.IReadOnlyDictionaryStringString)!,
        new DateTime(reader.GetInt64(2), DateTimeKind.Utc));
}
