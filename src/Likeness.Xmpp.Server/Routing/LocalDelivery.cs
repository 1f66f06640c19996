using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Hands stanzas that need no routing decision to local sessions.</summary>
public sealed class LocalDelivery(AccountDirectory directory)
{
    /// <summary>Delivers a stanza to the session with exactly this full address; false: no such session.</summary>
    public bool TryToResource(Jid full, Element stanza)
    {
        var session = full.Resource is null ? null : directory.FindLoaded(full.BareText)?.SessionOf(full.Resource);
        session?.Send(stanza);
        return session is not null;
    }

    /// <summary>Sends a presence to every available resource of a local account; the address stays bare (C-12C).</summary>
    public void ToAvailable(Jid bare, PreparedStanza stanza, Jid from)
    {
        if (directory.FindLoaded(bare.BareText) is not { } account || account.Blocks(from))
        {
            return;
        }

        foreach (var session in account.Sessions)
        {
            if (session.IsAvailable)
            {
                session.SendToBare(stanza);
            }
        }
    }
}
