using System.Text;
using Likeness.Stores;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>A node with items of its own, kept in the node store.</summary>
internal sealed class GenericNode(Account account, string name, NodeRecords records, INodeStore store, PepEvents events, XmppServerOptions limits, TimeProvider time) : IPepNode
{
    private const int MaxNodes = 200;

    public string Name => name;

    public NodeOptions? Options { get; } = records.Find(name);

    public NodeOptions Defaults => NodeOptions.PepDefault;

    public AccessModel Access => Options?.Access ?? Defaults.Access;

    public NodeOptions Allowed(NodeOptions wanted) => wanted;

    public async ValueTask<Xep0059Paging.Page<PepItem>?> Items(NodeQuery query) => await store.Items(account.Identity, name, query) is { } page
        ? new([.. page.Items.Select(item => new PepItem(item.Id, XmlStreamReader.ParseElement(item.Xml), item.Published))], page.Index, page.Count)
        : null;

    public async ValueTask<string> Publish(Publication publication)
    {
        var options = Options ?? publication.Options;
        var id = publication.ItemId ?? StanzaId.New();
        var xml = ElementWriter.ToText(publication.Payload);
        if (Encoding.UTF8.GetByteCount(xml) is var size and > NodeOptions.MaxPayload)
        {
            throw PubSubError.PayloadTooBig($"The payload has {size} bytes; at most {NodeOptions.MaxPayload} are allowed.");
        }

        if (options.Persist)
        {
            DemandNumber();
            var item = new NodeItem(id, xml, time.GetUtcNow());
            DemandRoom(await store.Publish(account.Identity, options.ToRecord(name), item, Math.Min(options.MaxItems, NodeOptions.MaxItemsOfNode), limits.MaxPepBytes));
            records.Put(name, options);
        }
        else if (Options is null)
        {
            await Configure(options);
        }

        await events.Send(account, name, options, PepEvents.Items(name, new PepItem(id, publication.Payload, default)), publication.Publisher);
        return id;
    }

    public async ValueTask<bool> Retract(string id, Jid publisher, bool notify)
    {
        if (!await store.Retract(account.Identity, name, id))
        {
            return false;
        }

        if (notify)
        {
            await events.Send(account, name, Options!, PepEvents.Retracted(name, id), publisher);
        }

        return true;
    }

    public async ValueTask Purge(Jid publisher)
    {
        await store.Purge(account.Identity, name);
        await events.Send(account, name, Options!, PepEvents.Purged(name), publisher);
    }

    public async ValueTask Delete(Jid publisher)
    {
        var subscribed = await events.Subscribers(account, name);
        await store.Remove(account.Identity, name);
        records.Remove(name);
        await events.Send(account, name, Options!, PepEvents.Deleted(name), publisher, subscribed);
    }

    public async ValueTask Configure(NodeOptions options)
    {
        DemandNumber();
        DemandRoom(await store.Save(account.Identity, options.ToRecord(name), limits.MaxPepBytes));
        records.Put(name, options);
    }

    /// <summary>Call with what the store said.</summary>
    public void DemandRoom(bool wasStored)
    {
        if (!wasStored)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"An account may keep {limits.MaxPepBytes} bytes in its nodes.");
        }
    }

    /// <summary>Call before the node is created.</summary>
    public void DemandNumber()
    {
        if (Options is null && records.Count >= MaxNodes)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"An account may have {MaxNodes} nodes.");
        }
    }
}
