using System.Globalization;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Reading: items, subscriptions, affiliations (XEP-0060 §5.6, §5.7, §6.5).</summary>
internal sealed class NodeReading(AccountNodes nodes)
{
    private const int MaxItems = 1000;

    public async ValueTask<Element?> Handle(IqRequest request) => request.Payload.FirstChild() switch
    {
        { Name: "items" } items => await Items(request, items),
        { Name: "subscriptions" } => new Element("pubsub", Ns.PubSub).Add(new Element("subscriptions", Ns.PubSub)),
        { Name: "affiliations" } => await Affiliations(request),
        { Name: "options" or "default" } => throw PubSubError.Unsupported("subscription-options"),
        _ => throw new StanzaErrorException(StanzaCondition.BadRequest),
    };

    private async ValueTask<Element> Items(IqRequest request, Element wanted)
    {
        var name = wanted["node"] ?? throw PubSubError.NodeIdRequired();
        var (ids, most) = (Ids(wanted), Most(wanted));
        var node = await nodes.Readable(request, name);
        var items = await node.Items(ids, most);
        var answer = new Element("items", Ns.PubSub).Set("node", name);
        foreach (var item in items)
        {
            answer.Add(item.ToElement(Ns.PubSub));
        }

        return new Element("pubsub", Ns.PubSub).Add(answer);
    }

    private static List<string>? Ids(Element wanted)
    {
        List<string>? ids = null;
        foreach (var item in wanted)
        {
            if (item.Is("item", Ns.PubSub))
            {
                (ids ??= []).Add(item["id"] ?? throw PubSubError.ItemRequired());
            }
        }

        return ids is { Count: > MaxItems }
            ? throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"At most {MaxItems} items can be asked for at once.")
            : ids;
    }

    private static int Most(Element wanted)
    {
        if (wanted["max_items"] is not { } text)
        {
            return MaxItems;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0
            ? Math.Min(most, MaxItems)
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "max_items is a number above 0.");
    }

    private async ValueTask<Element> Affiliations(IqRequest request)
    {
        var affiliations = new Element("affiliations", Ns.PubSub);
        if (request.IsOwn)
        {
            foreach (var node in await nodes.All(request.Account))
            {
                affiliations.Add(new Element("affiliation", Ns.PubSub).Set("node", node.Name).Set("affiliation", "owner"));
            }
        }

        return new Element("pubsub", Ns.PubSub).Add(affiliations);
    }
}
