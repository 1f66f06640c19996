using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>
/// A node of an account's PEP service: one with items of its own, or a view of the portrait. Who may read, and what is
/// malformed, is decided before; a node stores, shows, and tells those who listen.
/// </summary>
internal interface IPepNode
{
    string Name { get; }

    /// <summary>Null while the node does not exist.</summary>
    NodeOptions? Options { get; }

    /// <summary>What the node gets when it is created without a word.</summary>
    NodeOptions Defaults { get; }

    /// <summary>The access model in force for readers.</summary>
    AccessModel Access { get; }

    /// <summary>What the node can have of what is wanted; something else than <paramref name="wanted"/>: it cannot be configured so.</summary>
    NodeOptions Allowed(NodeOptions wanted);

    /// <summary>What a publisher gets who wants this: the same, or what comes next to it where nobody may have it.</summary>
    NodeOptions Bound(NodeOptions wanted) => wanted;

    /// <summary>A publisher may demand this of a node that exists (XEP-0060 §7.1.5).</summary>
    bool Meets(NodeOptions wanted) => wanted == Options;

    /// <summary>Newest first; null: the item the page is to begin behind is not there.</summary>
    ValueTask<Xep0059Paging.Page<PepItem>?> Items(NodeQuery query);

    /// <summary>Creates the node when it is missing. Returns the item's id.</summary>
    ValueTask<string> Publish(Publication publication);

    /// <summary>False: no such item.</summary>
    ValueTask<bool> Retract(string id, Jid publisher, bool notify);

    ValueTask Purge(Jid publisher);

    ValueTask Delete(Jid publisher);

    /// <summary>Creates the node when it is missing.</summary>
    ValueTask Configure(NodeOptions options);
}

/// <summary>An item as readers see it.</summary>
internal sealed record PepItem(string Id, Element Payload, DateTimeOffset Published)
{
    /// <summary>What a listener that begins to listen is sent.</summary>
    public static readonly NodeQuery Last = new(1, 1);

    /// <summary>A page of items that are in memory.</summary>
    public static Xep0059Paging.Page<PepItem>? Page(IReadOnlyList<PepItem> all, NodeQuery query) => Xep0059Paging.Cut(
        all,
        item => item.Id,
        item => item.Payload.Text().Length,
        new ResultSetRequest(query.MaxItems) { After = query.After, Before = query.Before, Index = query.Index });

    public Element ToElement(string ns) => new Element("item", ns).Set("id", Id).Add(Payload);
}

/// <summary>What a client publishes.</summary>
/// <param name="Publisher">Full address.</param>
/// <param name="ItemId">Null: the server makes one.</param>
/// <param name="Options">What the node is created with if it is missing.</param>
internal sealed record Publication(Jid Publisher, string? ItemId, Element Payload, NodeOptions Options);
