using System.Text.Json;
using Microsoft.Data.Sqlite;
using PsContainers.Oci;

namespace PsContainers.Engine.Store;

/// <summary>The images' rows, with their names and layers.</summary>
internal sealed class ImageTable(Database database)
{
    private const string Columns = "id, manifest, config, size, imported";

    // An id names its configuration and layers for good, so what was read once is never read again; names are always read anew.
    private readonly Dictionary<string, ImageContent> _contents = [];

    private sealed record ImageContent(ImageConfig Config, IReadOnlyList<Digest> Chains);

    public List<ImageRow> All() => Read($"SELECT {Columns} FROM image WHERE removed = 0 ORDER BY imported, id");

    /// <summary>Every image, those too that are kept for their users only.</summary>
    public List<ImageRow> AllWithHidden() => Read($"SELECT {Columns} FROM image ORDER BY imported, id");

    /// <summary>Finds an image by its id, also one that is kept for its users only.</summary>
    public ImageRow? Find(string id) => Single(Read($"SELECT {Columns} FROM image WHERE id = $1", id));

    /// <param name="name">Canonical.</param>
    public ImageRow? FindByName(string name) => Single(Read(
        "SELECT i.id, i.manifest, i.config, i.size, i.imported FROM image_name AS n JOIN image AS i ON i.id = n.image "
        + "WHERE n.name = $1",
        name));

    public ImageRow? FindByManifest(string manifest) =>
        Single(Read($"SELECT {Columns} FROM image WHERE manifest = $1 AND removed = 0 LIMIT 1", manifest));

    /// <summary>At most <paramref name="limit"/> images whose id begins so. 'g' sorts right behind the hexadecimal digits.</summary>
    public List<ImageRow> FindByPrefix(string prefix, int limit) =>
        Read($"SELECT {Columns} FROM image WHERE id >= $1 AND id < $1 || 'g' AND removed = 0 LIMIT $2", prefix, limit);

    /// <summary>Adds images, or brings them back, and gives them names; a name that another image had moves.</summary>
    public void Put(params IReadOnlyList<ImageRow> rows) => database.Write(Durability.PowerLoss, () =>
    {
        foreach (var row in rows)
        {
            Insert(row);
        }

        return 0;
    });

    /// <summary>Gives an image further names; a name that another image had moves. False when the image is gone.</summary>
    /// <param name="names">Canonical.</param>
    public bool TryAddNames(string id, IReadOnlyList<string> names) => database.Write(Durability.PowerLoss, () =>
    {
        var isThere = database.First("SELECT 1 FROM image WHERE id = $1 AND removed = 0", reader => reader.GetInt32(0), id) == 1;
        foreach (var name in isThere ? names : [])
        {
            InsertName(name, id);
        }

        return isThere;
    });

    /// <summary>What a registry last gave for the name; null when none did.</summary>
    public string? OriginOf(string name) =>
        database.First("SELECT origin FROM image_name WHERE name = $1", reader => reader.IsDBNull(0) ? null : reader.GetString(0), name);

    /// <summary>Notes what a registry has under the name now, if it is still the image's.</summary>
    public void SetOrigin(string name, string id, string origin) => database.Write(
        Durability.PowerLoss,
        () => database.Execute("UPDATE image_name SET origin = $3 WHERE name = $1 AND image = $2", name, id, origin));

    /// <summary>Removes a name; the image stays. How many images had it: one or none.</summary>
    public int RemoveName(string name) =>
        database.Write(Durability.PowerLoss, () => database.Execute("DELETE FROM image_name WHERE name = $1", name));

    /// <summary>Removes the image with its names; while containers or lists need it, its row and layers stay out of sight.</summary>
    public void Remove(string id) => database.Write(Durability.PowerLoss, () =>
    {
        database.Execute("DELETE FROM image_name WHERE image = $1", id);
        database.Execute("UPDATE image SET removed = 1 WHERE id = $1", id);
        return DeleteRemoved(database, id);
    });

    /// <summary>Deletes the row of an image that the user has removed, if nothing needs it any more. Inside a transaction.</summary>
    /// <returns>How many rows went: one or none.</returns>
    public static int DeleteRemoved(Database database, string id) => database.Execute(
        "DELETE FROM image WHERE id = $1 AND removed = 1 AND NOT EXISTS (SELECT 1 FROM image_user WHERE image = $1)", id);

    /// <summary>The manifests and configurations that images still need.</summary>
    public List<(Digest Manifest, Digest Config)> Documents() =>
        database.All("SELECT manifest, id FROM image", reader => (Digest.Parse(reader.GetString(0)), Digest.Parse(reader.GetString(1))));

    /// <summary>The unpacked layers that images still need.</summary>
    public HashSet<Digest> Chains() =>
        [.. database.All("SELECT DISTINCT chain FROM image_layer", reader => Digest.Parse(reader.GetString(0)))];

    private void Insert(ImageRow row)
    {
        var config = JsonSerializer.Serialize(row.Config, OciJson.Default.ImageConfig);
        database.Execute(
            """
            INSERT INTO image (id, manifest, config, size, imported) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id) DO UPDATE SET manifest = $2, size = $4, removed = 0
            """,
            row.Id, row.Manifest, config, row.Size, row.Imported.Ticks);
        for (var i = 0; i < row.Chains.Count; i++)
        {
            database.Execute(
                "INSERT INTO image_layer (image, position, chain) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                row.Id, i, row.Chains[i].ToString());
        }

        foreach (var name in row.Names)
        {
            InsertName(name, row.Id, row.Origin);
        }
    }

    private void InsertName(string name, string id, string? origin = null) => database.Execute(
        "INSERT INTO image_name (name, image, origin) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET image = $2, origin = $3",
        name, id, origin);

    private List<ImageRow> Read(string sql, params ReadOnlySpan<object?> values)
    {
        var rows = database.All(sql, ReadRow, values);
        for (var i = 0; i < rows.Count; i++)
        {
            var id = rows[i].Id;
            rows[i] = rows[i] with
            {
                Names = database.All("SELECT name FROM image_name WHERE image = $1 ORDER BY name", reader => reader.GetString(0), id),
            };
        }

        return rows;
    }

    private ImageRow ReadRow(SqliteDataReader reader)
    {
        var id = reader.GetString(0);
        if (!_contents.TryGetValue(id, out var content))
        {
            var config = JsonSerializer.Deserialize(reader.GetString(2), OciJson.Default.ImageConfig)!;
            var chains = database.All(
                "SELECT chain FROM image_layer WHERE image = $1 ORDER BY position", layer => Digest.Parse(layer.GetString(0)), id);
            content = new ImageContent(config, chains);
            _contents.Add(id, content);
        }

        return new ImageRow(
            id,
            reader.GetString(1),
            content.Config,
            reader.GetInt64(3),
            new DateTime(reader.GetInt64(4), DateTimeKind.Utc),
            [],
            content.Chains);
    }

    private static ImageRow? Single(List<ImageRow> rows) => rows.Count > 0 ? rows[0] : null;
}
