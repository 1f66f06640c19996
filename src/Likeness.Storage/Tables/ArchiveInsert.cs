using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Puts messages into their archives. What is there already stays as it is.</summary>
internal static class ArchiveInsert
{
    /// <summary>Messages of one transaction: others wait no longer than for these.</summary>
    public const int MaxAtOnce = 4000;

    private const int RowValues = 8;
    private const string InsertSql = "INSERT INTO archived_messages (archive, number, sent, total, peer, resource, author, stanza) VALUES ";
    private const string DisorderedSql = "UPDATE archives SET disordered = $2, latest = $3 WHERE id = $1";
    private static readonly string OneRowSql = Insert(1);

    /// <param name="messages">Those of an archive together, in their order.</param>
    public static async Task Into(Engine engine, ArchivedMessage[] messages)
    {
        for (var at = 0; at < messages.Length; at += MaxAtOnce)
        {
            var some = new ArraySegment<ArchivedMessage>(messages, at, Math.Min(MaxAtOnce, messages.Length - at));
            await engine.Write(ArchiveJournal.Turn, session => Into(session, some, engine.RowsAtOnce), CancellationToken.None);
        }
    }

    /// <summary>Without those whose archive is gone, and those that were removed from it.</summary>
    public static async ValueTask<ArchivedMessage[]> Missing(Engine engine, IEnumerable<ArchivedMessage> messages)
    {
        var missing = new List<ArchivedMessage>();
        foreach (var archive in messages.GroupBy(message => message.Archive).OrderBy(archive => archive.Key))
        {
            var removed = await engine.Read(session => session.First("SELECT last_number FROM archives WHERE id = $1", row => (long?)row.Number(0), archive.Key), CancellationToken.None);
            missing.AddRange(archive.Where(message => message.Number > removed));
        }

        return [.. missing];
    }

    private static async ValueTask Into(Session session, ArraySegment<ArchivedMessage> messages, int rowsAtOnce)
    {
        var whole = messages.Count / rowsAtOnce * rowsAtOnce;
        if (whole > 0)
        {
            await session.ForEach(Insert(rowsAtOnce), messages[..whole].Chunk(rowsAtOnce).Select(Values));
        }

        await session.ForEach(OneRowSql, messages[whole..].Select(message => Values([message])));
        foreach (var message in messages)
        {
            if (message.Latest is { } latest)
            {
                await session.Execute(DisorderedSql, message.Archive, message.Number, latest);
            }
        }
    }

    private static object?[] Values(ArchivedMessage[] messages)
    {
        var values = new object?[messages.Length * RowValues];
        for (var row = 0; row < messages.Length; row++)
        {
            var message = messages[row];
            ReadOnlySpan<object?> columns = [message.Archive, message.Number, message.Sent, message.Total, message.Peer, message.Resource, message.Author, message.Stanza];
            columns.CopyTo(values.AsSpan(row * RowValues));
        }

        return values;
    }

    private static string Insert(int rows) =>
        InsertSql + string.Join(", ", Enumerable.Range(0, rows).Select(row => $"({string.Join(", ", Enumerable.Range(1 + (row * RowValues), RowValues).Select(value => $"${value}"))})")) + " ON CONFLICT (archive, number) DO NOTHING";
}
