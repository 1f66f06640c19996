using System.Globalization;
using Likeness.Stores;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0160 Best Practices for Handling Offline Messages, stamped by XEP-0203 (C-153).</summary>
internal sealed class Xep0160OfflineMessages(IStores stores, XmppServerOptions options, TimeProvider time) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add("msgoffline");
        registry.OnMessage(MessageStage.Keep, Keep);
        registry.ReceivesMessages.Add(Deliver);
    }

    private async ValueTask Keep(MessagePassage passage)
    {
        if (passage.Outcome != MessageOutcome.Open)
        {
            return;
        }

        if (!passage.IsWorthKeeping)
        {
            // A chat state alone tells nothing later, and its sender hears no error; words that must not be stored are refused.
            passage.Outcome = passage.Message.Child("body") is null ? MessageOutcome.Dropped : MessageOutcome.Open;
            return;
        }

        var kept = new OfflineMessage(0, time.GetUtcNow(), passage.Message.ToString());
        if (await stores.Offline.Add(passage.Account!.Identity, kept, options.MaxOfflineMessages))
        {
            passage.Outcome = MessageOutcome.Kept;
        }
    }

    private async ValueTask Deliver(Session session)
    {
        using var held = await session.Account.State<OfflineOrder>().Enter();
        var waiting = await stores.Offline.Load(session.Account.Identity);
        if (waiting.Count == 0)
        {
            return;
        }

        foreach (var message in waiting)
        {
            session.Send(Stamped(session.Account, message));
        }

        await stores.Offline.Remove(session.Account.Identity, waiting[^1].Number);
    }

    private static Element Stamped(Account account, OfflineMessage message)
    {
        var stamp = message.Received.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return XmlStreamReader.ParseElement(message.Xml, Ns.Client)
            .Add(new Element("delay", Ns.Delay).Set("from", account.Jid.Domain).Set("stamp", stamp));
    }

    /// <summary>Two resources that come online together must not both get the waiting messages.</summary>
    private sealed class OfflineOrder : AsyncLock;
}
