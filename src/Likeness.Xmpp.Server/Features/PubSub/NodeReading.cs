using System.Globalization;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Reading: items, subscriptions, affiliations (XEP-0060 §5.6, §5.7, §6.5).</summary>
internal sealed class NodeReading(AccountNodes nodes, NodeSubscribing subscribing)
{
    public async ValueTask<Element?> Handle(IqRequest request) => request.Payload.FirstChild() switch
    {
        { Name: "items" } items => await Items(request, items),
        { Name: "subscriptions" } subscriptions => await subscribing.List(request, subscriptions["node"]),
        { Name: "affiliations" } => await Affiliations(request),
        { Name: "options" or "default" } => throw PubSubError.Unsupported("subscription-options"),
        _ => throw new StanzaErrorException(StanzaCondition.BadRequest),
    };

    private async ValueTask<Element> Items(IqRequest request, Element wanted)
    {
        var name = wanted["node"] ?? throw PubSubError.NodeIdRequired();
        var asked = ResultSetRequest.Read(request.Payload);
        var most = Most(wanted);
        var query = new NodeQuery(Math.Min(Math.Min(most, asked?.Max ?? most), Xep0059Paging.MaxItems), Xep0059Paging.MaxBytes)
        {
            Ids = Ids(wanted),
            After = asked?.After,
            Before = asked?.Before,
            Index = asked?.Index,
        };
        var node = await nodes.Readable(request, name);
        var page = await node.Items(query)
            ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound, "The item the page was to begin behind is not there any more.");
        var answer = new Element("items", Ns.PubSub).Set("node", name);
        foreach (var item in page.Items)
        {
            answer.Add(item.ToElement(Ns.PubSub));
        }

        // XEP-0060 §6.5.4: an answer that was cut says so, asked for a page or not.
        return new Element("pubsub", Ns.PubSub).Add(answer).Add(page.Describe(asked, item => item.Id, most)?.ToElement());
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

        return ids is { Count: > Xep0059Paging.MaxItems }
            ? throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"At most {Xep0059Paging.MaxItems} items can be asked for at once.")
            : ids;
    }

    private static int Most(Element wanted)
    {
        if (wanted["max_items"] is not { } text)
        {
            return int.MaxValue;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0
            ? most
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
