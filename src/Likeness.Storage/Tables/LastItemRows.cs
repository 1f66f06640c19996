using System.Data.Common;
using System.Globalization;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>The newest items of many accounts for one contact, in one query.</summary>
internal static class LastItemRows
{
    // 2 from, 3 both.
    private static readonly string Sql = $"""
        SELECT r.account, r.contact_groups, d.content, n.node, n.access, n.persist, n.most_items, n.send_last, n.configuration, i.item, i.xml, i.published
        FROM roster r
        LEFT JOIN documents d ON d.account = r.account AND d.kind = 'blocklist' AND d.key = ''
        LEFT JOIN nodes n ON n.account = r.account AND n.send_last = 'on_sub_and_presence' AND n.items > 0 AND n.node IN ({Places(2, LastItemsOf.MaxNodes)})
        LEFT JOIN node_items i ON i.account = n.account AND i.node = n.node
            AND i.position = (SELECT max(position) FROM node_items newest WHERE newest.account = n.account AND newest.node = n.node)
        WHERE r.contact = $1 AND r.subscription >= 2 AND r.account IN ({Places(2 + LastItemsOf.MaxNodes, LastItemsOf.MaxAccounts)})
        ORDER BY r.account
        """;

    public static async ValueTask<IReadOnlyList<LastItemsOf>> Read(
        Session session,
        IReadOnlyCollection<Identity> accounts,
        string contact,
        IReadOnlyCollection<string> nodes,
        long maxBytes)
    {
        object?[] values = [contact, .. Padded(nodes, LastItemsOf.MaxNodes), .. Padded(accounts.Select(account => account.Value), LastItemsOf.MaxAccounts)];
        var (bytes, last) = (0L, default(Identity?));
        var rows = await session.While(Sql, Read, row => IsTaken(row), values);
        return
        [
            .. rows.GroupBy(row => row.Account).Select(of => new LastItemsOf(
                of.Key, of.First().Groups, of.First().Blocked, [.. of.Where(row => row.Item is not null).Select(row => (row.Node!, row.Item!))])),
        ];

        bool IsTaken(Row row)
        {
            if (row.Account != last && bytes > maxBytes)
            {
                return false;
            }

            last = row.Account;
            bytes += (row.Item?.Size ?? 0) + (row.Blocked?.Length ?? 0);
            return true;
        }
    }

    private static string Places(int first, int count) =>
        string.Join(", ", Enumerable.Range(first, count).Select(number => "$" + number.ToString(CultureInfo.InvariantCulture)));

    // One text for the database whatever is asked; nothing is named by an empty text.
    private static IEnumerable<string> Padded(IEnumerable<string> values, int count)
    {
        var all = values.ToArray();
        return all.Length <= count ? all.Concat(Enumerable.Repeat("", count - all.Length)) : throw new ArgumentException($"At most {count} at once.", nameof(values));
    }

    private static Row Read(DbDataReader row) => new(
        row.Identity(0),
        Json.Texts(row.TextOrNull(1)),
        row.TextOrNull(2),
        row.IsDBNull(9) ? null : new NodeRecord(row.Text(3), row.Named<AccessModel>(4), row.Flag(5), row.SmallNumber(6), row.Text(7), row.TextOrNull(8)),
        row.IsDBNull(9) ? null : new NodeItem(row.Text(9), row.Text(10), row.Time(11)));

    private sealed record Row(Identity Account, IReadOnlyList<string> Groups, string? Blocked, NodeRecord? Node, NodeItem? Item);
}
