using System.Text.RegularExpressions;
using Likeness.Storage.Migrations;

namespace Likeness.Storage;

/// <summary>Every table that the migrations make, in their order: what a table refers to comes before it.</summary>
internal static partial class TableList
{
    public static IReadOnlyList<string> All { get; } = Made(isDropped: true);

    /// <summary>Those that there were at some time, too: an older copy has them.</summary>
    public static IReadOnlyList<string> Ever { get; } = Made(isDropped: false);

    /// <summary>Something of somebody: what a server keeps for itself does not count.</summary>
    public static async ValueTask<bool> HoldsAnything(Session session)
    {
        foreach (var table in All.Except(["write_probe", "change_counter", "changes", "archive_numbers"]))
        {
            if (await session.First($"SELECT 1 FROM {table} LIMIT 1", row => row.FieldCount) > 0)
            {
                return true;
            }
        }

        return false;
    }

    public static async ValueTask Drop(Session session)
    {
        foreach (var table in All.Reverse().Append("migrations"))
        {
            await session.Run($"DROP TABLE IF EXISTS {table}");
        }
    }

    private static List<string> Made(bool isDropped)
    {
        var tables = new List<string>();
        foreach (var change in Migration.All.SelectMany(migration => Change().Matches(migration.Script)))
        {
            var table = change.Groups["table"].Value;
            if (change.Groups["verb"].Value == "CREATE")
            {
                tables.Add(table);
            }
            else if (isDropped)
            {
                tables.Remove(table);
            }
        }

        return tables;
    }

    [GeneratedRegex(@"^(?<verb>CREATE|DROP) TABLE (IF (NOT )?EXISTS )?(?<table>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Change();
}
