using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PsContainers.Engine.Store;

/// <summary>One connection to the store, with the commands it has prepared; kept open for a session.</summary>
/// <remarks>Safe from several threads: each statement and each transaction holds the gate.</remarks>
internal sealed class Database : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private Durability _durability = Durability.PowerLoss;

    private Database(string path, SqliteConnection connection) => (_path, _connection) = (path, connection);

    public static Database Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        Open(connection, path);

        // Closing the last connection would otherwise copy the log into the database and sync both: 5 to 10 ms at the end of every session.
        // The log alone is as durable, and the next session reads on from it.
        raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        var database = new Database(path, connection);
        database.Execute("PRAGMA busy_timeout = 10000");
        database.Execute("PRAGMA foreign_keys = ON");
        database.Execute("PRAGMA synchronous = FULL");
        return database;
    }

    /// <summary>Texts as one value, which a statement takes apart again with <c>json_each</c>.</summary>
    public static string List(IEnumerable<string> texts) => JsonSerializer.Serialize(texts, StoreJson.Default.IEnumerableString);

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        lock (_gate)
        {
            try
            {
                return Command(sql, values).ExecuteNonQuery();
            }
            catch (SqliteException e) when (StoreException.Of(e, _path) is { } failure)
            {
                throw failure;
            }
        }
    }

    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        lock (_gate)
        {
            try
            {
                using var reader = Command(sql, values).ExecuteReader();
                return reader.Read() ? read(reader) : default;
            }
            catch (SqliteException e) when (StoreException.Of(e, _path) is { } failure)
            {
                throw failure;
            }
        }
    }

    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        lock (_gate)
        {
            try
            {
                using var reader = Command(sql, values).ExecuteReader();
                var rows = new List<T>();
                while (reader.Read())
                {
                    rows.Add(read(reader));
                }

                return rows;
            }
            catch (SqliteException e) when (StoreException.Of(e, _path) is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>All changes of <paramref name="change"/> together, or none.</summary>
    public T Write<T>(Durability durability, Func<T> change)
    {
        lock (_gate)
        {
            try
            {
                return Try(durability, change);
            }
            catch (StoreException e) when (e.IsFull && TryCheckpoint())
            {
                // The log begins anew, in the room that it has: what somebody removes from a full disk goes.
                return Try(durability, change);
            }
        }
    }

    /// <summary>Brings the log into the database, unless others are reading from it; the next change overwrites the log.</summary>
    public bool TryCheckpoint()
    {
        try
        {
            // busy, frames in the log, frames that are in the database
            return First("PRAGMA wal_checkpoint(PASSIVE)", row => row.GetInt64(0) == 0 && row.GetInt64(1) == row.GetInt64(2));
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private T Try<T>(Durability durability, Func<T> change)
    {
        lock (_gate)
        {
            if (durability != _durability)
            {
                Execute(durability == Durability.PowerLoss ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                _durability = durability;
            }

            // IMMEDIATE: a transaction that reads first and writes later would fail when another session wrote in between.
            Execute("BEGIN IMMEDIATE");
            var isCommitted = false;
            try
            {
                var result = change();
                Execute("COMMIT");
                isCommitted = true;
                return result;
            }
            finally
            {
                // A full disk, for one, makes SQLite end the transaction by itself: https://sqlite.org/lang_transaction.html
                if (!isCommitted && raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                {
                    Execute("ROLLBACK");
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var command in _prepared.Values)
            {
                command.Dispose();
            }

            _prepared.Clear();
            _connection.Dispose();
        }
    }

    private static void Open(SqliteConnection connection, string path)
    {
        try
        {
            connection.Open();
        }
        catch (SqliteException e) when (StoreException.Of(e, path) is { } failure)
        {
            throw failure;
        }
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = _parameterNames[i] });
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    private static readonly string[] _parameterNames = ["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12"];
}
