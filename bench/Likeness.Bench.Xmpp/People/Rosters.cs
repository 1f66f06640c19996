using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.People;

/// <summary>Makes the circle's mutual subscriptions with the stanzas that clients use (RFC 6121 §3.1): everybody asks, everybody agrees beforehand.</summary>
static class Rosters
{
    public static async Task Subscribe(Target target, Population population)
    {
        var connections = await Crowd.Each(population.CircleMembers, atOnce: 16, user => Login.Open(target, user, LoginKind.ScramInTheClear));
        try
        {
            // Pre-approval (RFC 6121 §3.4) is optional for servers, so approve after the requests have been handled.
            await Say(connections, target, population, "subscribe");
            await Say(connections, target, population, "subscribed");
            await Crowd.Each(population.CircleMembers, atOnce: 16, user => Check(connections[user], target, population));
        }
        finally
        {
            foreach (var connection in connections)
                connection.Dispose();
        }
    }

    static async Task Say(XmppConnection[] connections, Target target, Population population, string type)
    {
        foreach (var connection in connections)
        {
            foreach (var contact in population.ContactsOf(connection.User))
                connection.Send($"<presence to='{target.Address(contact)}' type='{type}'/>");
        }

        // An answered ping says that everything before it has been handled (C-2B: order is kept).
        await Crowd.Each(population.CircleMembers, atOnce: 16, user =>
            Request.Send(connections[user], type, $"<iq type='get' id='{type}' to='{target.Domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"));
    }

    static async Task<bool> Check(XmppConnection connection, Target target, Population population)
    {
        for (var attempt = 0; ; attempt++)
        {
            var roster = Stanza.Text(await Request.Send(connection, "roster", "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>"), int.MaxValue);
            var mutual = roster.Split("subscription='both'").Length + roster.Split("subscription=\"both\"").Length - 2;
            if (mutual == population.Contacts)
                return true;
            if (attempt == 20)
                throw new ConnectionLostException($"{target.Address(connection.User)} has {mutual} mutual contacts of {population.Contacts}");
            await Task.Delay(250);
        }
    }
}
