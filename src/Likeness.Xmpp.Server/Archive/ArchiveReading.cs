using System.Buffers;
using System.Globalization;
using System.Text;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Archive;

/// <summary>Answers what clients ask archives for (XEP-0313 §4, §5). Who may ask was decided before.</summary>
internal sealed class ArchiveReading(Archives archives, TimeProvider time)
{
    private const int MaxAskers = 10_000;
    private static readonly RateLimit PagesPerAsker = new(3000, TimeSpan.FromMinutes(1));
    private readonly KeyedRateLimiter<string> _pages = new(PagesPerAsker, MaxAskers, time);

    /// <summary>Bytes of a page; one message is sent in any case.</summary>
    public const int MaxPageBytes = 256 * 1024;

    /// <summary>Sends a page of messages, and then its end as the answer.</summary>
    /// <param name="asker">Where the page goes.</param>
    /// <param name="narrow">What this archive has of messages with an address; null: nothing.</param>
    /// <param name="author">What is added to a message of somebody whose address the asker may know; null: nothing.</param>
    /// <exception cref="StanzaErrorException"><c>item-not-found</c>: an id that this archive never gave.</exception>
    public async ValueTask<Element> Answer(
        MessageArchive archive, Sender asker, ArchiveQuery query, Func<Jid, ArchiveFilter, ArchiveFilter?> narrow, Func<ArchivedMessage, Element?>? author = null)
    {
        // Counting looks at everything, a page does not.
        RefuseTooMany(asker, query.Max == 0 ? 20 : 1);
        if (FilterOf(archive, query, narrow) is not { } filter)
        {
            return Fin(query, [], isWhole: true, count: 0);
        }

        if (query.Ids is not null)
        {
            var asked = await One(archive, query.Ids, filter);
            Send(archive, asker, query, asked, author);
            return Fin(query, Ids(archive, asked), isWhole: true, count: asked.Count);
        }

        if (query.Max == 0)
        {
            var count = await archives.Count(archive, filter);
            return Fin(query, [], count == 0, count);
        }

        var page = await archives.Read(archive, filter, query.IsBackwards, query.Max, MaxPageBytes);
        Send(archive, asker, query, page.Messages, author);
        return Fin(query, Ids(archive, page.Messages), page.IsWhole, null);
    }

    /// <summary>What the archive holds (§5).</summary>
    public ValueTask<Element> Describe(MessageArchive archive, Sender asker)
    {
        RefuseTooMany(asker, 1);
        return Describe(archive);
    }

    /// <summary>The same for who has just logged in, which is counted otherwise.</summary>
    public async ValueTask<Element> Describe(MessageArchive archive)
    {
        var metadata = new Element("metadata", Ns.Archive);
        if (archive.IsEmpty)
        {
            return metadata;
        }

        foreach (var (name, isBackwards) in new[] { ("start", false), ("end", true) })
        {
            foreach (var message in (await archives.Read(archive, new ArchiveFilter(), isBackwards, 1, 1)).Messages)
            {
                metadata.Add(new Element(name, Ns.Archive).Set("id", archives.IdOf(archive, message.Number)).Set("timestamp", Stamp(message.Sent)));
            }
        }

        return metadata;
    }

    private void RefuseTooMany(Sender asker, int pages)
    {
        if (_pages.Take(asker.Jid.BareText, pages) > TimeSpan.Zero)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"Archives are read in at most {PagesPerAsker.Permits} pages a minute.");
        }
    }

    // What expired is no message any more, but still a place.
    private ArchiveFilter? FilterOf(MessageArchive archive, ArchiveQuery query, Func<Jid, ArchiveFilter, ArchiveFilter?> narrow)
    {
        var filter = new ArchiveFilter { Start = query.Start, End = query.End };
        foreach (var id in query.Behind)
        {
            filter = filter with { From = Math.Max(filter.From, NumberOf(archive, id) + 1) };
        }

        foreach (var id in query.Before)
        {
            filter = filter with { To = Math.Min(filter.To, NumberOf(archive, id) - 1) };
        }

        return query.With is { } with ? narrow(with, filter) : filter;
    }

    private async ValueTask<IReadOnlyList<ArchivedMessage>> One(MessageArchive archive, IReadOnlyList<string> ids, ArchiveFilter filter)
    {
        var messages = new List<ArchivedMessage>();
        foreach (var number in ids.Select(id => NumberOf(archive, id)).Distinct().Order())
        {
            var there = await archives.Read(archive, new ArchiveFilter { From = number, To = number }, false, 1, MaxPageBytes);
            var message = there.Messages is [var found, ..] ? found : throw NotFound();
            var isMeant = number >= filter.From && number <= filter.To
                && !(message.Sent < filter.Start) && !(message.Sent > filter.End)
                && (filter.Peer is null || filter.Peer == message.Peer) && (filter.Resource is null || filter.Resource == message.Resource);
            if (isMeant)
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    private long NumberOf(MessageArchive archive, string id) => archives.NumberOf(archive, id) ?? throw NotFound();

    private string[] Ids(MessageArchive archive, IReadOnlyList<ArchivedMessage> page) => page.Count == 0
        ? []
        : [archives.IdOf(archive, page[0].Number), archives.IdOf(archive, page[^1].Number)];

    // Not more than a page: the client's next question is heard when it has taken this one.
    private void Send(MessageArchive archive, Sender asker, ArchiveQuery query, IReadOnlyList<ArchivedMessage> page, Func<ArchivedMessage, Element?>? author)
    {
        foreach (var message in query.IsFlipped ? page.Reverse() : page)
        {
            var prepared = Result(archive, asker, query, message, author?.Invoke(message));
            if (asker.Client is { } session)
            {
                session.Send(prepared);
            }
            else
            {
                asker.Reply(prepared.ToElement([]));
            }
        }
    }

    private PreparedStanza Result(MessageArchive archive, Sender asker, ArchiveQuery query, ArchivedMessage message, Element? author)
    {
        var output = new ArrayBufferWriter<byte>(message.Stanza.Length + 400);
        output.Write("<message from='"u8);
        ElementWriter.WriteAttributeValue(output, archive.Owner.Text);
        output.Write("' to='"u8);
        ElementWriter.WriteAttributeValue(output, asker.Jid.Text);
        output.Write("'><result xmlns='urn:xmpp:mam:2' id='"u8);
        Encoding.UTF8.GetBytes(archives.IdOf(archive, message.Number), output);
        if (query.QueryId is not null)
        {
            output.Write("' queryid='"u8);
            ElementWriter.WriteAttributeValue(output, query.QueryId);
        }

        output.Write("'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='"u8);
        Encoding.UTF8.GetBytes(Stamp(message.Sent), output);
        output.Write("'/>"u8);
        if (author is null)
        {
            output.Write(message.Stanza);
        }
        else
        {
            ElementWriter.WriteAlone(output, XmlStreamReader.ParseElement(message.Stanza, Ns.Client).Add(author));
        }

        output.Write("</forwarded></result></message>"u8);
        return PreparedStanza.Message(output.WrittenSpan.ToArray());
    }

    private static Element Fin(ArchiveQuery query, string[] ends, bool isWhole, long? count)
    {
        var set = new ResultSetPage(ends.FirstOrDefault(), null, ends.LastOrDefault(), count is { } number ? (int)Math.Min(number, int.MaxValue) : null);
        return new Element("fin", Ns.Archive).Set("queryid", query.QueryId).Set("complete", isWhole ? "true" : null).Add(set.ToElement());
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static StanzaErrorException NotFound() => new(StanzaCondition.ItemNotFound, "There is no such message in this archive.");
}
