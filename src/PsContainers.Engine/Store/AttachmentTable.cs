using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>What containers have of networks: attachments, addresses and ports of the host.</summary>
/// <remarks>None of it need survive a power cut, after which no container runs.</remarks>
internal sealed class AttachmentTable(Database database)
{
    private const string Columns = "container, network, position, plan, result";

    /// <summary>In the order of attachment.</summary>
    public List<AttachmentRow> Of(string container) =>
        database.All($"SELECT {Columns} FROM attachment WHERE container = $1 ORDER BY position", Read, container);

    public AttachmentRow? Find(string container, string network) => database.First(
        $"SELECT {Columns} FROM attachment WHERE container = $1 AND network = $2", Read, container, network);

    /// <summary>The attachments of a network; of all of them when it is null.</summary>
    public List<AttachmentRow> On(string? network) => database.All(
        $"SELECT {Columns} FROM attachment WHERE network = $1 OR $1 IS NULL ORDER BY network, container", Read, network);

    /// <summary>The addresses of a network that are taken, in ascending order of their bytes.</summary>
    public List<IPAddress> Leased(string network) => database.All(
        "SELECT address FROM leased_address WHERE network = $1 ORDER BY address",
        reader => new IPAddress(reader.GetFieldValue<byte[]>(0)), network);

    public string? HolderOf(string network, IPAddress address) => database.First(
        "SELECT container FROM leased_address WHERE network = $1 AND address = $2",
        reader => reader.GetString(0), network, address.GetAddressBytes());

    /// <summary>Who has a port of the host, at which addresses.</summary>
    public List<(string Address, string Container)> PublishedAt(string protocol, int port) => database.All(
        "SELECT address, container FROM published_port WHERE protocol = $1 AND port = $2",
        reader => (reader.GetString(0), reader.GetString(1)), protocol, port);

    public void AddPort(string container, PortMapping port) => database.Execute(
        "INSERT INTO published_port (protocol, port, address, container) VALUES ($1, $2, $3, $4)",
        port.Protocol, port.HostPort, port.HostAddress ?? "", container);

    public void AddAddress(string network, IPAddress address, string container) => database.Execute(
        "INSERT INTO leased_address (network, address, container) VALUES ($1, $2, $3)", network, address.GetAddressBytes(), container);

    public void Add(AttachmentRow row) => database.Execute(
        "INSERT INTO attachment (container, network, position, plan) VALUES ($1, $2, $3, $4)",
        row.Container, row.Network, row.Position, JsonSerializer.Serialize(row.Record.Plan, StoreJson.Default.AttachmentPlan));

    /// <summary>Keeps what a driver decided or answered.</summary>
    public void Set(AttachmentRow row) => Write(() =>
    {
        Put(row);
        return true;
    });

    /// <summary>As <see cref="Set"/>, inside of a transaction.</summary>
    public void Put(AttachmentRow row) => database.Execute(
        "UPDATE attachment SET plan = $3, result = $4 WHERE container = $1 AND network = $2",
        row.Container, row.Network, JsonSerializer.Serialize(row.Record.Plan, StoreJson.Default.AttachmentPlan),
        row.Record.Result is { } result ? JsonSerializer.Serialize(result, StoreJson.Default.AttachmentResult) : null);

    /// <summary>One container leaves one network; its ports go with the one that they led through, and with the last.</summary>
    public void Remove(AttachmentRow row) => Write(() =>
    {
        database.Execute("DELETE FROM attachment WHERE container = $1 AND network = $2", row.Container, row.Network);
        database.Execute("DELETE FROM leased_address WHERE container = $1 AND network = $2", row.Container, row.Network);
        return database.Execute(
            "DELETE FROM published_port WHERE container = $1 AND ($2 OR NOT EXISTS (SELECT 1 FROM attachment WHERE container = $1))",
            row.Container, row.Request.IsDefaultRoute);
    });

    public void RemovePorts(string container) => database.Execute("DELETE FROM published_port WHERE container = $1", container);

    /// <summary>All of <paramref name="change"/>, or nothing: nobody else gets an address or a port in between.</summary>
    public T Write<T>(Func<T> change) => database.Write(Durability.ProcessCrash, change);

    private static AttachmentRow Read(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.GetInt32(2),
        new AttachmentRecord
        {
            Plan = JsonSerializer.Deserialize(reader.GetString(3), StoreJson.Default.AttachmentPlan)!,
            Result = reader.IsDBNull(4) ? null : JsonSerializer.Deserialize(reader.GetString(4), StoreJson.Default.AttachmentResult),
        });
}
