using System.Collections.Immutable;
using System.Text;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0191 Blocking Command. What being blocked means is decided where stanzas are routed.</summary>
internal sealed class Xep0191Blocking(IStores stores, SubscriptionPresence presence, Xep0377Reporting reports) : IFeature
{
    private const int MaxBlocked = 1000;
    private const int MaxBytes = 128 * 1024;

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.Blocking);
        registry.OnOwnIq("get", "blocklist", Ns.Blocking, request => new(List(request)));
        registry.OnOwnIq("set", "block", Ns.Blocking, Block);
        registry.OnOwnIq("set", "unblock", Ns.Blocking, Unblock);
    }

    private static Element List(IqRequest request)
    {
        request.Session!.IsBlocklistInterested = true;
        return AddItems(new Element("blocklist", Ns.Blocking), request.Account.Blocked);
    }

    private async ValueTask<Element?> Block(IqRequest request)
    {
        var items = Items(request);
        if (items.IsEmpty)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "Say whom to block.");
        }

        var account = request.Account;
        using var held = await account.State<BlockingOrder>().Enter();
        ImmutableArray<Jid> added = [.. items.Except(account.Blocked)];
        var blocked = account.Blocked.AddRange(added);
        if (blocked.Length > MaxBlocked || blocked.Sum(entry => (long)Encoding.UTF8.GetByteCount(entry.Text)) > MaxBytes)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"A blocklist holds at most {MaxBlocked} addresses and {MaxBytes} bytes.");
        }

        // The leave is taken once the block is in force: a presence that is just being broadcast must not come after it.
        var leaving = Subscribers(account).Where(contact => !account.Blocks(contact) && Matches(added, contact)).ToArray();
        await Save(account, blocked);
        account.Blocked = blocked;
        foreach (var contact in leaving)
        {
            presence.SendUnavailable(account, contact);
        }

        await reports.Take(account, request.Payload);
        Push(account, AddItems(new Element("block", Ns.Blocking), items));
        return null;
    }

    private async ValueTask<Element?> Unblock(IqRequest request)
    {
        var items = Items(request);
        var account = request.Account;
        using var held = await account.State<BlockingOrder>().Enter();
        var before = Subscribers(account).Where(account.Blocks).ToArray();
        var blocked = items.IsEmpty ? [] : account.Blocked.RemoveRange(items);
        await Save(account, blocked);
        account.Blocked = blocked;
        foreach (var contact in before.Where(contact => !account.Blocks(contact)))
        {
            presence.SendCurrent(account, contact);
        }

        Push(account, AddItems(new Element("unblock", Ns.Blocking), items));
        return null;
    }

    private async ValueTask Save(Account account, ImmutableArray<Jid> blocked)
    {
        var lines = blocked.IsEmpty ? null : string.Join('\n', blocked);
        await stores.Documents.Save(new AccountDocument(account.Identity, "blocklist", "", lines));
    }

    private static Jid[] Subscribers(Account account) => [.. account.Roster.Subscribers.Select(item => item.Contact)];

    private static bool Matches(ImmutableArray<Jid> blocked, Jid contact) =>
        blocked.Any(entry => entry.Domain == contact.Domain && entry.Resource is null && (entry.Local is null || entry.Local == contact.Local));

    private static ImmutableArray<Jid> Items(IqRequest request)
    {
        return
        [
            .. request.Payload.Where(child => child.Is("item", Ns.Blocking)).Select(item => Jid.TryParse(item["jid"], out var jid)
                ? jid
                : throw new StanzaErrorException(StanzaCondition.JidMalformed, "An item's address is not a valid XMPP address.")).Distinct(),
        ];
    }

    private static Element AddItems(Element list, IEnumerable<Jid> addresses)
    {
        foreach (var address in addresses)
        {
            list.Add(new Element("item", Ns.Blocking).Set("jid", address.Text));
        }

        return list;
    }

    private static void Push(Account account, Element change)
    {
        var push = new PreparedStanza(new Element("iq", Ns.Client).Set("type", "set").Set("id", StanzaId.New()).Add(change));
        foreach (var session in account.Sessions)
        {
            if (session.IsBlocklistInterested)
            {
                session.SendToFull(push);
            }
        }
    }

    /// <summary>One change of a blocklist at a time.</summary>
    private sealed class BlockingOrder : AsyncLock;
}
