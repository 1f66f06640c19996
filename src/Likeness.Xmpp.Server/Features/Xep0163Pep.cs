using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0163 Personal Eventing Protocol 1.2.2: every account is a publish-subscribe service, and who sees its presence and announces interest hears its events.</summary>
internal sealed partial class Xep0163Pep(LastItems lastItems, RemoteListeners elsewhere, AccountDirectory directory, ILogger<Xep0163Pep> log) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.AccountIdentities.Add(("pubsub", "pep"));
        registry.InterestsAdded.Add(lastItems.SendAll);
        registry.SubscriptionChanged.Add(ShowToNewSubscriber);
        registry.PresenceReceived.Add(elsewhere.Take);
        elsewhere.Begun = lastItems.SendElsewhere;
    }

    private void ShowToNewSubscriber(Account owner, Jid contact, bool sees)
    {
        if (sees && directory.FindLoaded(contact.BareText) is { } account)
        {
            _ = Show(owner, account);
        }
        else if (sees)
        {
            elsewhere.Show(owner, contact);
        }
    }

    private async Task Show(Account owner, Account contact)
    {
        try
        {
            await lastItems.SendAll(owner, contact);
        }
#pragma warning disable CA1031 // Nobody waits for this; a fault is logged and ends nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotShown(log, owner.Jid.Text, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A new subscriber could not be shown the nodes of {Account}")]
        public static partial void NotShown(ILogger logger, string account, Exception exception);
    }
}
