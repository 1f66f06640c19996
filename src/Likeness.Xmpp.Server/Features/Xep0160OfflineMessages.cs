using System.Runtime.CompilerServices;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0160 Best Practices for Handling Offline Messages, stamped by XEP-0203. What waits is sent in pages, each behind the one before,
/// and removed only when the client has answered a ping behind it: until then it may never have been read.
/// </summary>
internal sealed partial class Xep0160OfflineMessages(IStores stores, XmppServerOptions options, TimeProvider time, ILogger<Xep0160OfflineMessages> log) : IFeature
{
    // Short enough to be taken in one go; a page with a longer message has that one alone.
    private const int PageBytes = 256 * 1024;
    private readonly ConditionalWeakTable<Session, Delivery> _deliveries = [];

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add("msgoffline");
        registry.OnMessage(MessageStage.Refuse, PassOverWaiting);
        registry.OnMessage(MessageStage.Keep, Keep);
        registry.ReceivesMessages.Add(Begin);
        registry.SessionResumed.Add(session => _ = IsReceiving(session) ? BeginLater(session) : Task.CompletedTask);
        registry.SessionEnded.Add(HandOver);
    }

    // What a session did not take of the waiting messages waits still.
    private ValueTask PassOverWaiting(MessagePassage passage)
    {
        if (passage.Missed is { } missed && _deliveries.TryGetValue(missed, out var delivery) && delivery.IsUnread(passage.Message))
        {
            passage.Outcome = MessageOutcome.Dropped;
        }

        return default;
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

        if (passage.IsFoundLater && !IsEntering(passage.Account!))
        {
            passage.Outcome = MessageOutcome.Kept;
            return;
        }

        var account = passage.Account!;
        var kept = new OfflineMessage(0, passage.Received ?? time.GetUtcNow(), passage.Message.ToString());
        var isThere = await stores.Offline.Add(account.Identity, kept, Most(passage), options.MaxOfflineBytes);
        if (isThere || passage.IsArchived)
        {
            passage.Outcome = MessageOutcome.Kept;

            // Whoever came online meanwhile may have found nothing waiting.
            if (Receiver(account) is { } session && !ReferenceEquals(session, passage.Missed))
            {
                _ = BeginLater(session);
            }
        }
    }

    // Told where its archive ended, and not available yet: what comes now it would not look for there.
    private static bool IsEntering(Account account)
    {
        foreach (var session in account.Sessions)
        {
            if (session is { ReadsArchiveUntil: > 0, IsAvailable: false })
            {
                return true;
            }
        }

        return false;
    }

    // What is archived may wait in any number: who finds it there never misses it, and nobody has to be told.
    private int Most(MessagePassage passage) => passage.IsArchived && options.MaxOfflineMessages > 0 ? int.MaxValue : options.MaxOfflineMessages;

    /// <summary>A session begins to read what waits, unless another one does so already: no two get the same messages.</summary>
    private async ValueTask Begin(Session session)
    {
        var queue = session.Account.State<Queue>();
        if (queue.TryTake(session))
        {
            await SendPage(_deliveries.TryGetValue(session, out var delivery) ? delivery : null, queue, session);
        }
    }

    private async ValueTask SendPage(Delivery? delivery, Queue queue, Session session)
    {
        var page = IsReceiving(session) ? await stores.Offline.Load(session.Account.Identity, delivery?.LastSent ?? 0, PageBytes) : [];
        // What was sent and never asked about, since the line broke in between, is asked about now.
        var isDone = page.Count == 0 && delivery is not { HasUnread: true };
        if (isDone || !await Send(delivery ??= _deliveries.GetValue(session, static _ => new Delivery()), session, page))
        {
            if (queue.Leave(session) && Receiver(session.Account) is { } receiver)
            {
                await Begin(receiver);
            }

            return;
        }

        var isAsked = session.Requests.Ask(session.Jid.Domain, "get", new Element("ping", Ns.Ping), _ => AfterReading(delivery, queue, session));
        if (!isAsked)
        {
            queue.Leave(session);
        }
    }

    private static async ValueTask<bool> Send(Delivery delivery, Session session, IReadOnlyList<OfflineMessage> page)
    {
        foreach (var message in page)
        {
            if (!await session.Writable())
            {
                return false;
            }

            var stamped = XmlStreamReader.ParseElement(message.Xml, Ns.Client);
            if (stamped.Child("delay", Ns.Delay)?["from"] != session.Jid.Domain)
            {
                stamped.Add(Xep0203DelayedDelivery.Stamp(message.Received, session.Jid.Domain));
            }

            // XEP-0386 §3.2
            if (message.Received.UtcTicks < session.ReadsArchiveUntil && IsArchived(session.Account, stamped))
            {
                delivery.PassedOver(message.Number);
                continue;
            }

            delivery.Sent(message.Number, stamped);
            session.Send(stamped);
        }

        return true;
    }

    private static bool IsArchived(Account account, Element message)
    {
        foreach (var node in message.Nodes)
        {
            if (node is Element { Namespace: Ns.StanzaIds, Name: "stanza-id" } id && id["by"] == account.Jid.Text)
            {
                return true;
            }
        }

        return false;
    }

    // Any answer says that everything before it was read.
    private async ValueTask AfterReading(Delivery delivery, Queue queue, Session session)
    {
        await stores.Offline.Remove(session.Account.Identity, delivery.LastSent);
        delivery.Read();
        await SendPage(delivery, queue, session);
    }

    // The session ended, and with it its turn; what it left goes to another one that is there.
    private void HandOver(Session session)
    {
        session.Account.State<Queue>().Leave(session);
        if (Receiver(session.Account) is { } other)
        {
            _ = BeginLater(other);
        }
    }

    private async Task BeginLater(Session session)
    {
        try
        {
            await Begin(session);
        }
#pragma warning disable CA1031 // Nobody waits for this; the messages stay and come with the next login.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            session.Account.State<Queue>().Leave(session);
            Log.NotDelivered(log, session.Jid.Text, fault);
        }
    }

    private static Session? Receiver(Account account)
    {
        foreach (var session in account.Sessions)
        {
            if (IsReceiving(session))
            {
                return session;
            }
        }

        return null;
    }

    private static bool IsReceiving(Session session) => session is { IsAvailable: true, Priority: >= 0 };

    /// <summary>Whose turn it is to read what waits for an account.</summary>
    private sealed class Queue
    {
        private readonly Lock _gate = new();
        private Session? _reader;
        private bool _isAskedAgain;

        public bool TryTake(Session session)
        {
            lock (_gate)
            {
                _isAskedAgain = _reader is not null;
                _reader ??= session;
                return !_isAskedAgain;
            }
        }

        /// <summary>True: somebody else asked meanwhile, who may know of a message that was not seen.</summary>
        public bool Leave(Session session)
        {
            lock (_gate)
            {
                if (_reader != session)
                {
                    return false;
                }

                _reader = null;
                return _isAskedAgain;
            }
        }
    }

    /// <summary>What one session was sent and has not read yet, as far as is known.</summary>
    private sealed class Delivery
    {
        private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

        public long LastSent { get; private set; }

        public bool HasUnread
        {
            get
            {
                lock (_unread)
                {
                    return _unread.Count > 0;
                }
            }
        }

        public void Sent(long number, Element message)
        {
            lock (_unread)
            {
                LastSent = number;
                _unread.Add(message.ToString());
            }
        }

        public void PassedOver(long number)
        {
            lock (_unread)
            {
                LastSent = number;
            }
        }

        public void Read()
        {
            lock (_unread)
            {
                _unread.Clear();
            }
        }

        public bool IsUnread(Element message)
        {
            lock (_unread)
            {
                return _unread.Count > 0 && _unread.Contains(message.ToString());
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Waiting messages could not be delivered to {Session}")]
        public static partial void NotDelivered(ILogger logger, string session, Exception exception);
    }
}
