using System.Collections.Concurrent;
using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Finds messages of an archive.</summary>
internal static class ArchiveRows
{
    private const string Columns = "SELECT m.number, m.sent, m.total, m.peer, m.resource, m.author, m.stanza";

    private static readonly ConcurrentDictionary<(Parts Parts, bool? IsBackwards), string> Queries = new();

    /// <summary>Adds the rows that are meant to a page, in the order of reading.</summary>
    public static async ValueTask<bool> Read(Session session, long archive, ArchiveFilter filter, bool isBackwards, ArchivePageRows page)
    {
        filter = await ArchiveTimes.Narrow(session, archive, filter);
        await session.While(PageSql(filter, isBackwards), row => Message(archive, row), page.Add, [.. Values(archive, filter), page.Left + 1L]);
        return true;
    }

    public static async ValueTask<long> Count(Session session, long archive, ArchiveFilter filter)
    {
        filter = await ArchiveTimes.Narrow(session, archive, filter);
        return await session.First(CountSql(filter), row => row.Number(0), Values(archive, filter));
    }

    /// <summary>The same of a message in memory.</summary>
    public static bool Means(ArchiveFilter filter, ArchivedMessage message) =>
        message.Number >= filter.From && message.Number <= filter.To
        && (filter.Peer is null || filter.Peer == message.Peer)
        && (filter.Resource is null || filter.Resource == message.Resource)
        && !(message.Sent < filter.Start) && !(message.Sent > filter.End);

    private static string PageSql(ArchiveFilter filter, bool isBackwards) => Queries.GetOrAdd(
        (Kind(filter), isBackwards),
        static kind => $"{Columns}{From(kind.Parts)} ORDER BY {(kind.Parts.HasFlag(Parts.Peer) ? "n" : "m")}.number{(kind.IsBackwards == true ? " DESC" : "")} LIMIT ${4 + Values(kind.Parts)}");

    private static string CountSql(ArchiveFilter filter) => Queries.GetOrAdd((Kind(filter), null), static kind => "SELECT count(*)" + From(kind.Parts));

    private static Parts Kind(ArchiveFilter filter) =>
        (filter.Peer is null ? Parts.None : Parts.Peer) | (filter.Resource is null ? Parts.None : Parts.Resource) | (filter.Start is null && filter.End is null ? Parts.None : Parts.Times);

    // With somebody the numbers come from the index of addresses, in their order, and only the rows of a page are looked up: left to itself,
    // or with a join it may turn round, SQLite goes through all rows instead, because they are in this order, too.
    private static string From(Parts parts)
    {
        var numbers = " WHERE archive = $1 AND number >= $2 AND number <= $3";
        var value = 4;
        var rows = " FROM archived_messages AS m WHERE m.archive = $1 AND m.number >= $2 AND m.number <= $3";
        if (parts.HasFlag(Parts.Peer))
        {
            rows = $" FROM (SELECT number FROM archived_messages{numbers} AND peer = ${value++}) AS n CROSS JOIN archived_messages AS m WHERE m.archive = $1 AND m.number = n.number";
        }

        rows += parts.HasFlag(Parts.Resource) ? $" AND m.resource = ${value++}" : "";
        return rows + (parts.HasFlag(Parts.Times) ? $" AND m.sent >= ${value++} AND m.sent <= ${value}" : "");
    }

    private static int Values(Parts parts) => (parts.HasFlag(Parts.Peer) ? 1 : 0) + (parts.HasFlag(Parts.Resource) ? 1 : 0) + (parts.HasFlag(Parts.Times) ? 2 : 0);

    private static object?[] Values(long archive, ArchiveFilter filter)
    {
        var values = new List<object?> { archive, filter.From, filter.To };
        if (filter.Peer is not null)
        {
            values.Add(filter.Peer);
        }

        if (filter.Resource is not null)
        {
            values.Add(filter.Resource);
        }

        if (filter.Start is not null || filter.End is not null)
        {
            values.Add(filter.Start ?? DateTimeOffset.MinValue);
            values.Add(filter.End ?? DateTimeOffset.MaxValue);
        }

        return [.. values];
    }

    private static ArchivedMessage Message(long archive, DbDataReader row) =>
        new(archive, row.Number(0), row.Time(1), row.Number(2), row.Text(3), row.TextOrNull(4), row.Bytes(6)) { Author = row.TextOrNull(5) };

    [Flags]
    private enum Parts
    {
        None = 0,
        Peer = 1,
        Resource = 2,
        Times = 4,
    }
}

/// <summary>Messages of a page in the order of reading, until it is full.</summary>
internal sealed class ArchivePageRows(int most, long maxBytes)
{
    private readonly List<ArchivedMessage> _rows = [];
    private long _bytes;

    /// <summary>Something did not fit.</summary>
    public bool IsCut { get; private set; }

    public int Left => most - _rows.Count;

    public bool Add(ArchivedMessage message)
    {
        _bytes += message.Stanza.Length;
        IsCut |= Left == 0 || (_rows.Count > 0 && _bytes > maxBytes);
        if (!IsCut)
        {
            _rows.Add(message);
        }

        return !IsCut;
    }

    public void AddAll(IEnumerable<ArchivedMessage> messages)
    {
        foreach (var message in messages)
        {
            if (IsCut || !Add(message))
            {
                return;
            }
        }
    }

    public ArchivePage Whole(bool isBackwards)
    {
        if (isBackwards)
        {
            _rows.Reverse();
        }

        return new ArchivePage(_rows, !IsCut);
    }
}

/// <summary>Where times are in an archive. Its order is that of its numbers, and times follow it unless the clock was set back; up to the last message that is older than one before it they are looked at one by one.</summary>
internal static class ArchiveTimes
{
    private const string EndsSql = """
        SELECT
            (SELECT number FROM archived_messages WHERE archive = $1 ORDER BY number LIMIT 1),
            (SELECT number FROM archived_messages WHERE archive = $1 ORDER BY number DESC LIMIT 1),
            (SELECT disordered FROM archives WHERE id = $1)
        """;

    private const string SentSql = "SELECT number, sent FROM archived_messages WHERE archive = $1 AND number >= $2 ORDER BY number LIMIT 1";

    /// <summary>The same messages with as few numbers as can be told by looking at some.</summary>
    public static async ValueTask<ArchiveFilter> Narrow(Session session, long archive, ArchiveFilter filter)
    {
        if (filter.Start is null && filter.End is null)
        {
            return filter;
        }

        var (first, last, disordered) = await session.First(EndsSql, row => (row.NumberOrNull(0) ?? 0, row.NumberOrNull(1) ?? 0, row.NumberOrNull(2) ?? 0), archive);
        var low = Math.Max(first, disordered + 1);
        if (filter.Start is { } start && disordered < first)
        {
            filter = filter with { From = Math.Max(filter.From, await FirstBehind(sent => sent >= start)) };
        }

        if (filter.End is { } end)
        {
            filter = filter with { To = Math.Min(filter.To, Math.Max(await FirstBehind(sent => sent > end) - 1, disordered)) };
        }

        return filter;

        // The first number, of those in order, of which this is true; it stays true behind it.
        async ValueTask<long> FirstBehind(Func<DateTimeOffset, bool> isBehind)
        {
            var (least, most) = (low, last + 1);
            while (least < most)
            {
                var middle = least + ((most - least) / 2);
                var (number, sent) = await session.First(SentSql, row => (row.Number(0), row.Time(1)), archive, middle);
                if (number == 0 || isBehind(sent))
                {
                    most = middle;
                }
                else
                {
                    least = number + 1;
                }
            }

            return least;
        }
    }
}
