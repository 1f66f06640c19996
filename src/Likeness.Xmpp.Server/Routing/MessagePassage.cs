using System.Collections.Frozen;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>What became of a message so far.</summary>
internal enum MessageOutcome
{
    /// <summary>Nobody took it yet; at the end its sender hears of it.</summary>
    Open,

    /// <summary>A resource has it.</summary>
    Delivered,

    /// <summary>It waits for a resource.</summary>
    Kept,

    /// <summary>It goes no further, and nobody is told.</summary>
    Dropped,
}

/// <summary>A message on its way through the stages, and what they decided.</summary>
/// <param name="from">Who hears when it is refused.</param>
/// <param name="to">The address it is delivered by; of a message that came back, the bare one.</param>
/// <param name="account">The recipient; null: nobody.</param>
internal sealed class MessagePassage(Sender from, Element message, Jid to, Account? account)
{
    // What means nothing without the moment it was sent in, or only accompanies something else (RFC 6121 §5.2, XEP-0022, 0085, 0184, 0203, 0334, 0359).
    private static readonly FrozenSet<string> Passing = new[]
    {
        "http://jabber.org/protocol/chatstates", "jabber:x:event", Ns.Delay, Ns.Hints, "urn:xmpp:sid:0", "http://jabber.org/protocol/nick",
        Ns.PubSubEvent, Ns.Carbons, Ns.Archive,
    }.ToFrozenSet(StringComparer.Ordinal);

    private bool? _isWorthKeeping;
    private List<Session>? _takers;

    public Sender From => from;

    /// <summary>As its recipient gets it. Changed, by a copy, before it is delivered.</summary>
    public Element Message { get; set; } = message;

    public Jid To => to;

    public Account? Account => account;

    /// <summary>The message's type, which is <c>normal</c> where none is written.</summary>
    public string Type { get; } = message["type"] ?? "normal";

    /// <summary>The session that was to get it and ended before it did; it gets it no more.</summary>
    public Session? Missed { get; init; }

    /// <summary>When it came, if that is some time ago.</summary>
    public DateTimeOffset? Received { get; init; }

    public MessageOutcome Outcome { get; set; }

    /// <summary>It is in its recipient's archive (XEP-0313), or was refused room there.</summary>
    public bool IsArchived { get; set; }

    /// <summary>The recipient's clients find it in the archive: it need not wait for them.</summary>
    public bool IsFoundLater { get; set; }

    /// <summary>Resources beside those it is for get a copy. Decided before it is delivered.</summary>
    public bool IsCopied { get; set; }

    /// <summary>What the resources share that got it or will get a copy; only when it <see cref="IsCopied">is copied</see>. The passage itself counts as one of them until the copies are out.</summary>
    public PreparedStanza? Shared { get; private set; }

    /// <summary>Still means something later: it has a body or another payload than what only accompanies the moment, and its sender did not forbid to store it (XEP-0160 §3, XEP-0334 §4).</summary>
    public bool IsWorthKeeping => _isWorthKeeping ??= IsForLater(Message);

    /// <summary>Gives it to these resources; it is serialised once for all, and comes back only when none of them took it.</summary>
    public void GiveTo(ReadOnlySpan<Session> takers)
    {
        var sent = Received is { } received && Message.Child("delay", Ns.Delay) is null
            ? Message.Copy().Add(Xep0203DelayedDelivery.Stamp(received, to.Domain))
            : Message;
        var isMissed = !IsFoundLater && IsWorthKeeping;
        if (takers.Length == 1 && !IsCopied && !isMissed)
        {
            takers[0].Send(sent);
            return;
        }

        var prepared = new PreparedStanza(sent) { Recipients = IsCopied ? takers.Length + 1 : takers.Length, IsMissed = isMissed };
        foreach (var taker in takers)
        {
            taker.Send(prepared);
        }

        if (IsCopied)
        {
            Shared = prepared;
            _takers = [.. takers];
        }
    }

    /// <summary>The resource has it already, sent it, or is not to get it any more.</summary>
    public bool IsKnownTo(Session session) =>
        ReferenceEquals(session, from.Client) || ReferenceEquals(session, Missed) || _takers?.Contains(session) == true;

    /// <summary>Nobody takes it: the sender of a message that waits for an answer is told, everybody else is not (RFC 6121 §8.5.3).</summary>
    public void Refuse()
    {
        Outcome = MessageOutcome.Dropped;
        if (Type is not ("headline" or "error"))
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }
    }

    /// <summary>As <see cref="IsWorthKeeping"/>, of a message that is nowhere yet.</summary>
    public static bool IsForLater(Element message)
    {
        if (message["type"] is not (null or "chat" or "normal") || message.Child("no-store", Ns.Hints) is not null)
        {
            return false;
        }

        foreach (var node in message.Nodes)
        {
            if (node is Element child && (MeansSomething(child) || child.Is("store", Ns.Hints)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MeansSomething(Element child) => child.Namespace switch
    {
        Ns.Client => child.Name is "body" or "subject",
        "urn:xmpp:receipts" => child.Name == "received",
        "urn:xmpp:chat-markers:0" => child.Name != "markable",
        var ns => !Passing.Contains(ns),
    };
}

/// <summary>A message of a local session on its sender's side, wherever it goes.</summary>
/// <param name="former">What the session sent before and is not handled to its end yet; null: nothing.</param>
internal sealed class SentMessage(Session from, Element message, Task? former) : Sender
{
    public override Jid Jid => from.Jid;

    public override Session Client => from;

    public Element Message => message;

    /// <summary>The sender's own account, if it says nothing else.</summary>
    public Jid To { get; set; } = from.Account.Jid;

    /// <summary>The sender was told that it went nowhere.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>By which it is asked for in the sender's archive; null: it is not there.</summary>
    public string? ArchiveId { get; set; }

    /// <summary>As the sender's other resources see it.</summary>
    public Element Shown => ArchiveId is null
        ? message
        : message.Copy().Add(new Element("stanza-id", Ns.StanzaIds).Set("id", ArchiveId).Set("by", from.Account.Jid.Text));

    /// <summary>Bytes of a message that has its place in what waits for the disk, and of which nobody saw anything yet: the next one of its session may begin. Null: it may not.</summary>
    public int? Waiting { get; set; }

    internal override ValueTask Turn()
    {
        if (former is null or { IsCompleted: true })
        {
            return default;
        }

        Waiting ??= 0;
        return new(former);
    }

    public override void Reply(Element stanza)
    {
        IsRefused |= stanza["type"] == "error";
        from.Reply(stanza);
    }
}
