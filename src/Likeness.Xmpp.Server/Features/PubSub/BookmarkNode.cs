using System.Text;
using Likeness.Stores;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>
/// The bookmarks of an account, one item for each room (XEP-0402). Nobody else ever reads them, whatever a client asks for, and none
/// is dropped to make room for another. Call what changes them in <see cref="AccountNodes.Change"/>.
/// </summary>
internal sealed class BookmarkNode(Account account, GenericNode kept, NodeRecords records, INodeStore store, PepEvents events, XmppServerOptions limits, TimeProvider time) : IPepNode
{
    private const int MaxBookmarks = 1000;

    // Old clients are given all at once.
    private const int MaxBookmarkBytes = 4096;

    public string Name => kept.Name;

    public NodeOptions? Options => kept.Options is { } options ? Allowed(options) : null;

    public NodeOptions Defaults { get; } = new(AccessModel.Whitelist, true, int.MaxValue, NodeOptions.Never, null);

    public AccessModel Access => AccessModel.Whitelist;

    public NodeOptions Allowed(NodeOptions wanted) => wanted with { Access = AccessModel.Whitelist, Persist = true };

    public ValueTask<Xep0059Paging.Page<PepItem>?> Items(NodeQuery query) =>
        kept.Items(query with { Ids = query.Ids?.Select(id => Xep0402Bookmarks.Room(id) ?? id).ToList() });

    public async ValueTask<string> Publish(Publication publication)
    {
        var room = Xep0402Bookmarks.Room(publication.ItemId) ?? throw PubSubError.InvalidPayload("The id of a bookmark is the bare address of its room.");
        if (!publication.Payload.Is("conference", Xep0402Bookmarks.Node))
        {
            throw PubSubError.InvalidPayload($"A bookmark is a <conference/> of {Xep0402Bookmarks.Node}.");
        }

        await Change(publication.Options, [KeyValuePair.Create(room, publication.Payload)], [], publication.Publisher);
        return room;
    }

    public async ValueTask<bool> Retract(string id, Jid publisher, bool notify)
    {
        var isGone = await kept.Retract(Xep0402Bookmarks.Room(id) ?? id, publisher, notify);
        if (isGone)
        {
            await TellOldClients(publisher);
        }

        return isGone;
    }

    public async ValueTask Purge(Jid publisher)
    {
        await kept.Purge(publisher);
        await TellOldClients(publisher);
    }

    public async ValueTask Delete(Jid publisher)
    {
        var options = Options!;
        await kept.Delete(publisher);
        await events.Send(account, Xep0402Bookmarks.OldNode, options, PepEvents.Deleted(Xep0402Bookmarks.OldNode), publisher);
    }

    public ValueTask Configure(NodeOptions options) => kept.Configure(options);

    /// <summary>All of them as the old list (XEP-0048), the longest unchanged first.</summary>
    public async ValueTask<Element> List() =>
        (await All()).Reverse().Aggregate(new Element("storage", Xep0402Bookmarks.OldNode), (list, item) => list.Add(Xep0402Bookmarks.ToOld(item.Id, item.Payload)));

    /// <summary>Makes the bookmarks what an old list says, in one transaction; only what is different is changed and told (XEP-0402 §5.3.2).</summary>
    /// <returns>False: nothing was different.</returns>
    public async ValueTask<bool> Replace(Element list, Jid publisher)
    {
        var present = (await All()).ToDictionary(item => item.Id, item => item.Payload, StringComparer.Ordinal);
        var gone = present.Keys.ToHashSet(StringComparer.Ordinal);
        var changed = new List<KeyValuePair<string, Element>>();
        foreach (var (room, conference) in Xep0402Bookmarks.Rooms(list))
        {
            gone.Remove(room);
            var before = present.GetValueOrDefault(room);
            var after = Xep0402Bookmarks.FromOld(conference, before);
            if (before is null || AsOldText(room, before) != AsOldText(room, after))
            {
                changed.Add(KeyValuePair.Create(room, after));
            }
        }

        if (changed.Count + gone.Count == 0)
        {
            return false;
        }

        await Change(Options ?? Defaults, changed, [.. gone], publisher);
        return true;
    }

    private static string AsOldText(string room, Element bookmark) => ElementWriter.ToText(Xep0402Bookmarks.ToOld(room, bookmark));

    private async ValueTask<IReadOnlyList<PepItem>> All() => (await kept.Items(new NodeQuery(NodeOptions.MaxItemsOfNode, long.MaxValue)))!.Items;

    private async ValueTask Change(NodeOptions options, IReadOnlyList<KeyValuePair<string, Element>> changed, IReadOnlyList<string> gone, Jid publisher)
    {
        var now = time.GetUtcNow();
        var items = changed.Select(one => new NodeItem(one.Key, ElementWriter.ToText(one.Value), now)).ToArray();
        if (items.FirstOrDefault(item => Encoding.UTF8.GetByteCount(item.Xml) > MaxBookmarkBytes) is { } big)
        {
            throw PubSubError.PayloadTooBig($"The bookmark of {big.Id} has more than {MaxBookmarkBytes} bytes.");
        }

        kept.DemandNumber();
        await DemandPlace(items, gone.Count);
        kept.DemandRoom(await store.Change(account.Identity, options.ToRecord(Name), items, gone, limits.MaxPepBytes));
        records.Put(Name, options);
        foreach (var (room, bookmark) in changed)
        {
            await events.Send(account, Name, options, PepEvents.Items(Name, new PepItem(room, bookmark, now)), publisher);
        }

        foreach (var room in gone)
        {
            await events.Send(account, Name, options, PepEvents.Retracted(Name, room), publisher);
        }

        await TellOldClients(publisher);
    }

    private async ValueTask DemandPlace(NodeItem[] items, int gone)
    {
        var number = (await kept.Items(new NodeQuery(1, 1)))!.Count + items.Length - gone;
        if (number > MaxBookmarks
            && number - (await kept.Items(new NodeQuery(1, 1) { Ids = [.. items.Select(item => item.Id)] }))!.Count > MaxBookmarks)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"An account may have {MaxBookmarks} bookmarks.");
        }
    }

    // The whole list is read only where somebody listens for it.
    private async ValueTask TellOldClients(Jid publisher)
    {
        const string node = Xep0402Bookmarks.OldNode;
        if (account.Sessions.Any(session => session.IsAvailable && session.Interests.Contains(node)) || (await events.Subscribers(account, node)).Count > 0)
        {
            await events.Send(account, node, Defaults, PepEvents.Items(node, new PepItem(OldBookmarkNode.ItemId, await List(), default)), publisher);
        }
    }
}

/// <summary>The old list as the one item of a node (XEP-0048 with XEP-0223): a view of the bookmarks.</summary>
internal sealed class OldBookmarkNode(BookmarkNode bookmarks) : IPepNode
{
    public const string ItemId = "current";

    public string Name => Xep0402Bookmarks.OldNode;

    public NodeOptions? Options => bookmarks.Options is null ? null : Defaults;

    public NodeOptions Defaults { get; } = new(AccessModel.Whitelist, true, 1, NodeOptions.Never, null);

    public AccessModel Access => AccessModel.Whitelist;

    public NodeOptions Allowed(NodeOptions wanted) => bookmarks.Allowed(wanted);

    // Old clients ask for this and that; as long as nobody else reads it, nothing depends on it.
    public bool Meets(NodeOptions wanted) => wanted == Allowed(wanted);

    public async ValueTask<Xep0059Paging.Page<PepItem>?> Items(NodeQuery query) => PepItem.Page(
        bookmarks.Options is not null && query.Ids?.Contains(ItemId, StringComparer.Ordinal) is not false
            ? [new PepItem(ItemId, await bookmarks.List(), default)]
            : [],
        query);

    public async ValueTask<string> Publish(Publication publication)
    {
        if (!Xep0402Bookmarks.IsOldList(publication.Payload))
        {
            throw PubSubError.InvalidPayload($"The list of bookmarks is a <storage/> of {Xep0402Bookmarks.OldNode}.");
        }

        await bookmarks.Replace(publication.Payload, publication.Publisher);
        return ItemId;
    }

    public async ValueTask<bool> Retract(string id, Jid publisher, bool notify)
    {
        if (id != ItemId)
        {
            return false;
        }

        await bookmarks.Purge(publisher);
        return true;
    }

    public ValueTask Purge(Jid publisher) => bookmarks.Purge(publisher);

    public ValueTask Delete(Jid publisher) => bookmarks.Delete(publisher);

    public ValueTask Configure(NodeOptions options) => bookmarks.Options is null ? bookmarks.Configure(bookmarks.Defaults) : default;
}
