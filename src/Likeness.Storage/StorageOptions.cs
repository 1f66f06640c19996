namespace Likeness.Storage;

/// <summary>Where everything is kept: an SQLite file, or a PostgreSQL database when one is named.</summary>
public sealed record StorageOptions
{
    /// <summary>Holds <c>likeness.db</c>; created when missing, readable by its owner only.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>An Npgsql connection string; when set, nothing is kept in <see cref="DataDirectory"/>.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>Is told in a sentence that the tables change, and where the database is kept as it was.</summary>
    public Action<string>? Upgraded { get; init; }
}
