namespace Likeness.Storage.Tables;

/// <summary>Rows about people of some domains.</summary>
internal static class DomainRows
{
    /// <summary>A condition to go behind another one.</summary>
    /// <param name="column">That holds <c>local@domain</c>.</param>
    /// <param name="domains">None: no row at all; null: all of them.</param>
    /// <param name="before">How many values stand before these.</param>
    public static string Among(string column, IReadOnlyList<string>? domains, int before = 0) => domains switch
    {
        null => "",
        [] => " AND 1 = 0",
        _ => $" AND ({string.Join(" OR ", Enumerable.Range(before + 1, domains.Count).Select(number => $"{column} LIKE ${number} ESCAPE '!'"))})",
    };

    public static object?[] Values(IReadOnlyList<string>? domains) => domains is null ? [] : [.. domains.Select(domain => $"%@{Escaped(domain)}")];

    /// <summary>A text as a part of a pattern.</summary>
    public static string Escaped(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
