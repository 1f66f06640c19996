using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Shows or hides a user's presence when a contact begins or ceases to see it.</summary>
internal sealed class SubscriptionPresence(PresenceBroadcast broadcast, FeatureRegistry registry)
{
    public void After(Account account, Jid contact, RosterChange change)
    {
        if (!change.SeesUsChanged)
        {
            return;
        }

        var sees = change.After is { SeesUs: true };
        if (sees)
        {
            SendCurrent(account, contact);
        }
        else
        {
            SendUnavailable(account, contact);
        }

        foreach (var changed in registry.SubscriptionChanged)
        {
            changed(account, contact, sees);
        }
    }

    public void SendCurrent(Account account, Jid contact)
    {
        foreach (var session in account.Sessions)
        {
            broadcast.Show(session, contact);
        }
    }

    public void SendUnavailable(Account account, Jid contact) => broadcast.Hide(account, contact);
}
