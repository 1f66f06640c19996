using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>RFC 6121 §2: the roster, read, changed and pushed.</summary>
internal sealed class Rfc6121Roster(RosterChanges changes, Subscriptions subscriptions) : IFeature
{
    private const int MaxNameCharacters = 1023;

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.Roster);
        registry.StreamFeatures.Add(static () => new Element("ver", Ns.RosterVersioning));
        registry.StreamFeatures.Add(static () => new Element("sub", Ns.PreApproval));
        registry.OnOwnIq("get", "query", Ns.Roster, changes.Show);
        registry.OnOwnIq("set", "query", Ns.Roster, Set);
    }

    private async ValueTask<Element?> Set(IqRequest request)
    {
        var item = OneItem(request.Payload);
        if (!Jid.TryParse(item["jid"], out var contact) || contact.BareText == request.Account.Jid.Text)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "A roster item needs the address of somebody else.");
        }

        if (item["subscription"] == "remove")
        {
            await subscriptions.Remove(request.Account, contact.Bare);
        }
        else
        {
            await Put(request.Account, contact.Bare, item);
        }

        return null;
    }

    private static Element OneItem(Element query)
    {
        var items = query.Where(child => child.Is("item", Ns.Roster)).ToArray();
        return items.Length == 1
            ? items[0]
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "A roster set has exactly one item.");
    }

    private async ValueTask Put(Account account, Jid contact, Element item)
    {
        var name = item["name"] is { Length: > 0 } given ? given : null;
        if (name?.Length > MaxNameCharacters)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A name has at most {MaxNameCharacters} characters.");
        }

        var groups = Groups(item);
        await changes.Apply(
            account,
            contact,
            known => (known ?? new RosterItem { Contact = contact }) with { Name = name, Groups = groups, Listed = true });
    }

    private static string[] Groups(Element item)
    {
        var groups = item.Where(child => child.Is("group", Ns.Roster)).Select(group => group.Text()).ToArray();
        if (groups.Any(group => group.Length is 0 or > MaxNameCharacters))
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A group's name has 1 to {MaxNameCharacters} characters.");
        }

        return groups.Distinct(StringComparer.Ordinal).Count() == groups.Length
            ? groups
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "A group is named twice.");
    }
}
