using System.Text.Json;
using Microsoft.Data.Sqlite;
using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Store;

/// <summary>The rows of lists of images. Names are canonical.</summary>
internal sealed class ManifestTable(Database database)
{
    private const string Columns = "name, annotations, created";

    public List<ManifestListRow> All() => Read($"SELECT {Columns} FROM manifest_list ORDER BY name");

    public ManifestListRow? Find(string name) =>
        Read($"SELECT {Columns} FROM manifest_list WHERE name = $1", name) is [var row] ? row : null;

    /// <summary>The lists that an image is on.</summary>
    /// <param name="image">Its id.</param>
    public List<string> ListsOf(string image) => database.All(
        "SELECT list FROM manifest_entry WHERE image = $1 ORDER BY list", reader => reader.GetString(0), image);

    /// <summary>The ids of all images that are on a list.</summary>
    public List<string> ListedImages() =>
        database.All("SELECT DISTINCT image FROM manifest_entry WHERE image IS NOT NULL", reader => reader.GetString(0));

    /// <summary>Adds a list; false when there is one of that name.</summary>
    /// <param name="replace">Takes that one's place.</param>
    /// <exception cref="ContainerEngineException">ImageNotFound: an image was removed meanwhile. Nothing is changed then.</exception>
    public bool TryAdd(ManifestListRow row, bool replace) => database.Write(Durability.PowerLoss, () =>
    {
        if (replace)
        {
            RemoveList(row.Name);
        }

        var added = database.Execute(
            "INSERT INTO manifest_list (name, annotations, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            row.Name, Json(row.Annotations), row.Created.Ticks) > 0;
        if (added)
        {
            PutEntries(row.Name, row.Entries);
        }

        return added;
    });

    /// <summary>Puts images on a list; one that is on it gets what is said of it now. False when there is no such list.</summary>
    /// <exception cref="ContainerEngineException">As for <see cref="TryAdd"/>.</exception>
    public bool TryPut(string name, IReadOnlyList<ManifestEntryRow> entries) => database.Write(Durability.PowerLoss, () =>
    {
        var isThere = database.First("SELECT 1 FROM manifest_list WHERE name = $1", reader => reader.GetInt32(0), name) == 1;
        if (isThere)
        {
            PutEntries(name, entries);
        }

        return isThere;
    });

    /// <summary>Changes one entry as it is at this moment; false when it is no longer on the list.</summary>
    public bool TryChangeEntry(string name, string key, Func<ManifestEntrySettings, ManifestEntrySettings> change) => database.Write(
        Durability.PowerLoss,
        () => database.First("SELECT settings FROM manifest_entry WHERE list = $1 AND key = $2", Settings, name, key) is { } settings
            && database.Execute(
                "UPDATE manifest_entry SET settings = $3 WHERE list = $1 AND key = $2", name, key, Json(change(settings))) > 0);

    /// <summary>Changes the annotations of a list as they are at this moment; false when it is gone.</summary>
    public bool TryChangeAnnotations(
        string name, Func<IReadOnlyDictionary<string, string?>, IReadOnlyDictionary<string, string?>> change) => database.Write(
        Durability.PowerLoss,
        () => database.First("SELECT annotations FROM manifest_list WHERE name = $1", reader => Annotations(reader, 0), name) is { } old
            && database.Execute("UPDATE manifest_list SET annotations = $2 WHERE name = $1", name, Json(change(old))) > 0);

    /// <summary>Takes an entry off a list. Null when it was not on it; else whether an image went that was removed before.</summary>
    public bool? RemoveEntry(string name, ManifestEntryRow entry) => database.Write(Durability.PowerLoss, () =>
        database.Execute("DELETE FROM manifest_entry WHERE list = $1 AND key = $2", name, entry.Key) == 0
            ? (bool?)null
            : DeleteRemoved([entry]));

    /// <summary>Removes a list; the rest as for <see cref="RemoveEntry"/>.</summary>
    public bool? Remove(string name) => database.Write(Durability.PowerLoss, () => RemoveList(name));

    private bool? RemoveList(string name)
    {
        var entries = Entries(name);
        return database.Execute("DELETE FROM manifest_list WHERE name = $1", name) == 0 ? null : DeleteRemoved(entries);
    }

    private bool DeleteRemoved(IEnumerable<ManifestEntryRow> entries) =>
        entries.Select(entry => entry.Image).OfType<string>().Sum(image => ImageTable.DeleteRemoved(database, image)) > 0;

    private void PutEntries(string name, IReadOnlyList<ManifestEntryRow> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Image is { } image
                && database.First("SELECT 1 FROM image WHERE id = $1 AND removed = 0", reader => reader.GetInt32(0), image) == 0)
            {
                throw EngineErrors.ImageNotFound(image);
            }

            database.Execute(
                """
                INSERT INTO manifest_entry (list, key, position, image, settings)
                VALUES ($1, $2, (SELECT COALESCE(MAX(position) + 1, 0) FROM manifest_entry WHERE list = $1), $3, $4)
                ON CONFLICT (list, key) DO UPDATE SET settings = $4
                """,
                name, entry.Key, entry.Image, Json(entry.Settings));
        }
    }

    private List<ManifestListRow> Read(string sql, params ReadOnlySpan<object?> values)
    {
        var rows = database.All(
            sql,
            reader => new ManifestListRow(
                reader.GetString(0), Annotations(reader, 1), new DateTime(reader.GetInt64(2), DateTimeKind.Utc), []),
            values);
        return [.. rows.Select(row => row with { Entries = Entries(row.Name) })];
    }

    private List<ManifestEntryRow> Entries(string name) => database.All(
        "SELECT settings, image FROM manifest_entry WHERE list = $1 ORDER BY position",
        reader => new ManifestEntryRow(reader.IsDBNull(1) ? null : reader.GetString(1), Settings(reader)),
        name);

    private static ManifestEntrySettings Settings(SqliteDataReader reader) =>
        JsonSerializer.Deserialize(reader.GetString(0), StoreJson.Default.ManifestEntrySettings)!;

    private static IReadOnlyDictionary<string, string?> Annotations(SqliteDataReader reader, int column) =>
        JsonSerializer.Deserialize(reader.GetString(column), StoreJson.Default.IReadOnlyDictionaryStringString)!;

    private static string Json(ManifestEntrySettings settings) =>
        JsonSerializer.Serialize(settings, StoreJson.Default.ManifestEntrySettings);

    private static string Json(IReadOnlyDictionary<string, string?> annotations) =>
        JsonSerializer.Serialize(annotations, StoreJson.Default.IReadOnlyDictionaryStringString);
}
