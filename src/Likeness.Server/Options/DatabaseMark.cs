using Npgsql;

namespace Likeness.Server.Options;

/// <summary>
/// Which database a data directory belongs to, in its file <c>database</c>. A PostgreSQL database named by a flag or a variable is
/// not known to the next command, which would write into a new SQLite file, say that it is done, and change nothing anybody sees.
/// </summary>
internal static class DatabaseMark
{
    private const string Sqlite = "sqlite";

    /// <summary>Throws <see cref="OptionsRefusedException"/> when the directory belongs to another database.</summary>
    /// <param name="database">The connection string in force; null for the SQLite file.</param>
    public static void Check(string dataDirectory, string? database)
    {
        var path = PathIn(dataDirectory);
        if (!File.Exists(path) || File.ReadAllText(path).Trim() is not { Length: > 0 } known || known == Text(database))
        {
            return;
        }

        var problem = $"{dataDirectory} belongs to {Spoken(known)}, not to {Spoken(Text(database))}; name that one, or remove {path} if you mean to leave it";
        throw new OptionsRefusedException([new OptionProblem("database", "all settings together", problem, $"\"database\": \"Host=/run/postgresql;Database=likeness\" in {Path.Combine(dataDirectory, OptionFile.Name)}")]);
    }

    /// <summary>Remembers it; for a database that was opened.</summary>
    public static void Write(string dataDirectory, string? database)
    {
        var path = PathIn(dataDirectory);
        var text = Text(database) + Environment.NewLine;
        if (File.Exists(path) && File.ReadAllText(path) == text)
        {
            return;
        }

        File.WriteAllText(path + ".draft", text);
        File.Move(path + ".draft", path, overwrite: true);
    }

    private static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "database");

    /// <summary>Without user and password: another user of the same database is no other database.</summary>
    private static string Text(string? database)
    {
        if (database is null)
        {
            return Sqlite;
        }

        var parts = new NpgsqlConnectionStringBuilder(database);
        return FormattableString.Invariant($"postgresql {parts.Host ?? "localhost"}:{parts.Port}/{parts.Database ?? parts.Username}");
    }

    private static string Spoken(string text) =>
        text == Sqlite ? "the SQLite file in it" : "the PostgreSQL database " + text.Replace("postgresql ", "", StringComparison.Ordinal);
}
