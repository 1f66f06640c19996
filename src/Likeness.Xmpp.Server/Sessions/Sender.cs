using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>Who a stanza comes from, and where its answers and errors go: a session, somebody behind the router, or the server itself.</summary>
internal abstract class Sender
{
    /// <summary>The address the stanza is stamped with; a session's full one.</summary>
    public abstract Jid Jid { get; }

    /// <summary>The local client it is; null: it is none.</summary>
    public virtual Session? Client => null;

    /// <summary>It speaks for the account of its bare address.</summary>
    public virtual bool IsOwner => Client is not null;

    /// <summary>What it sends goes to several clients of one person; null: to one.</summary>
    internal virtual SentOnce? Once => null;

    /// <summary>Completes when what was sent before has been handled to its end: nothing of this stanza is seen by anybody until then. Never throws.</summary>
    internal virtual ValueTask Turn() => default;

    /// <summary>Brings back an answer or an error; never waits.</summary>
    public abstract void Reply(Element stanza);

    /// <summary>Answers an iq with a payload that is serialised already.</summary>
    public virtual void ReplyResult(Element iq, ReadOnlySpan<byte> payload) =>
        Reply(StanzaReply.Result(iq, XmlStreamReader.ParseElement(payload, Ns.Client)));

    /// <summary>Answers with a stanza that many may get, addressed to the sender's bare address.</summary>
    public virtual void Reply(PreparedStanza stanza) => Reply(stanza.ToElement([]).Set("to", Jid.BareText));
}

/// <summary>What several deliveries have in common that are one message: in the recipient's archive it is once.</summary>
internal sealed class SentOnce
{
    /// <summary>It has been added to the archive.</summary>
    public bool IsArchived { get; set; }

    /// <summary>By which it is asked for.</summary>
    public string? ArchiveId { get; set; }
}

/// <summary>The server itself, for itself or for an account whose user is not asked: nobody is there to hear an error.</summary>
internal sealed class ServerSender(Jid jid) : Sender
{
    public override Jid Jid => jid;

    public override void Reply(Element stanza)
    {
        // Never answered (RFC 6120 §8.3.1): an error about what the server did by itself would tell nobody anything.
    }
}
