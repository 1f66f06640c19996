using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Likeness.Storage.Sqlite;

/// <summary>One connection with the statements it has prepared; used by one thread at a time.</summary>
internal sealed class SqliteSession : Session, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>False once SQLite itself has rolled back, as it may when the disk is full.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public static SqliteSession OpenWriter(string path) =>
        Open(
            path,
            SqliteOpenMode.ReadWrite,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000");

    /// <summary>A file beside the database in which messages are made durable, whatever the database is busy with. What is in it is soon in the database.</summary>
    public static SqliteSession OpenJournal(string path)
    {
        PrivateFile.EnsureExists(path);
        return Open(
            path,
            SqliteOpenMode.ReadWrite,
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4000; "
            + "CREATE TABLE IF NOT EXISTS archive_journal (number INTEGER PRIMARY KEY NOT NULL, messages BLOB NOT NULL)");
    }

    public static SqliteSession OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly, "PRAGMA cache_size = -8000");

    /// <summary>Runs a statement that has no values.</summary>
    public void Step(string sql) => Rent(sql, []).ExecuteNonQuery();

    /// <summary>The result of a call on a session of SQLite, where nothing is ever waited for.</summary>
    public static T Completed<T>(ValueTask<T> call) => call.IsCompleted
        ? call.GetAwaiter().GetResult()
        : throw new InvalidOperationException("Inside a write only the database may be awaited.");

    public override ValueTask Run(string script)
    {
        RunNow(script);
        return default;
    }

    /// <summary>By SQLite's own calls: those of the provider, which finds each value by its name, cost more than the row.</summary>
    public override ValueTask ForEach(string sql, IEnumerable<object?[]> values)
    {
        var database = _connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        using (statement)
        {
            foreach (var one in values)
            {
                for (var at = 0; at < one.Length; at++)
                {
                    SqliteException.ThrowExceptionForRC(Bind(statement, at + 1, SqlValue.Of(one[at])), database);
                }

                if (raw.sqlite3_step(statement) is var result and not raw.SQLITE_DONE)
                {
                    SqliteException.ThrowExceptionForRC(result, database);
                }

                SqliteException.ThrowExceptionForRC(raw.sqlite3_reset(statement), database);
            }
        }

        return default;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    protected override DbCommand Rent(string sql, object?[] values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = Prepare(sql, values.Length);
            _prepared.Add(sql, command);
        }

        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = SqlValue.Of(values[index]);
        }

        return command;
    }

    protected override void Return(DbCommand command)
    {
        // A prepared statement outlives its values: a picture must not stay in memory with it.
        foreach (SqliteParameter parameter in command.Parameters)
        {
            parameter.Value = DBNull.Value;
        }
    }

    private static SqliteSession Open(string path, SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.RunNow("PRAGMA busy_timeout = 5000; " + pragmas);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static int Bind(sqlite3_stmt statement, int number, object value) => value switch
    {
        long whole => raw.sqlite3_bind_int64(statement, number, whole),
        string text => raw.sqlite3_bind_text(statement, number, text),
        byte[] bytes => raw.sqlite3_bind_blob(statement, number, bytes),
        _ => raw.sqlite3_bind_null(statement, number),
    };

    private void RunNow(string script)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var number = 1; number <= values; number++)
        {
            command.Parameters.AddWithValue("$" + number.ToString(CultureInfo.InvariantCulture), DBNull.Value);
        }

        command.Prepare();
        return command;
    }
}
