using System.Data.Common;
using Microsoft.Data.Sqlite;
using PsContainers.Linux;

namespace PsContainers.Engine.Store;

/// <summary>The database cannot be read or written for want of room, or because the disk fails.</summary>
/// <remarks>SQLite's own words, "SQLite Error 13: 'database or disk is full'", name neither the file nor the system's error.</remarks>
internal sealed class StoreException : DbException
{
    // https://www.sqlite.org/rescode.html
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int SharedMemorySize = InputOutput | (19 << 8);

    private StoreException(string path, string cause, SqliteException failure)
        : base($"the store's database '{path}': {cause}", failure)
    {
    }

    /// <summary>It is room that lacks.</summary>
    public bool IsFull { get; private init; }

    /// <summary>Null for what is no fault of the disk, such as a name that is taken.</summary>
    public static StoreException? Of(SqliteException failure, string path) => failure.SqliteErrorCode switch
    {
        Full => NoSpace(path, failure),
        InputOutput when failure.SqliteExtendedErrorCode == SharedMemorySize || HasNoRoom(path) => NoSpace(path, failure),
        CannotOpen when HasNoRoom(path) => NoSpace(path, failure),
        InputOutput or CannotOpen => new(path, failure.Message, failure),
        _ => null,
    };

    private static StoreException NoSpace(string path, SqliteException failure) =>
        new(path, LinuxException.Describe(Errno.ENOSPC), failure) { IsFull = true };

    // SQLite keeps to itself what the system said.
    private static bool HasNoRoom(string path) => new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace == 0;
}
