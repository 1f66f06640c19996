using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>An iq get or set that the server answers.</summary>
/// <param name="Stanza">With <c>from</c> already stamped by the server.</param>
/// <param name="Payload">Its one child element.</param>
/// <param name="Sender">Who asks.</param>
/// <param name="Target">The account asked about; null when the server itself is asked, or, by a handler for anybody, an address where the asker finds nobody.</param>
internal sealed record IqRequest(Element Stanza, Element Payload, Sender Sender, Account? Target)
{
    public bool IsSet => Stanza["type"] == "set";

    /// <summary>The handler has sent the result itself, since something has to follow it.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The asker's full address.</summary>
    public Jid From => Sender.Jid;

    /// <summary>The asker's session; null when the asker is not a local client.</summary>
    public Session? Session => Sender.Client;

    /// <summary>An account's own session asks about its own account, or who speaks for it.</summary>
    public bool IsOwn => Target is not null && (Session is { } session ? ReferenceEquals(session.Account, Target) : Sender.IsOwner && From.BareText == Target.Jid.Text);

    /// <summary>The asker is the target or sees its presence: to everybody else an account is what an address without one is.</summary>
    public bool IsKnown => IsOwn || Target?.Roster.Find(From) is { SeesUs: true };

    /// <summary>Sends an empty result now: what the handler sends next is behind it.</summary>
    public void Answer()
    {
        IsAnswered = true;
        Sender.Reply(StanzaReply.Result(Stanza));
    }

    /// <summary>The target account; the dispatcher never calls a handler without one, but that for anybody.</summary>
    public Account Account => Target ?? throw new InvalidOperationException("The request has no target.");
}

/// <summary>Answers an iq: the result's payload, or null for an empty result. Errors are thrown as <see cref="StanzaErrorException"/>.</summary>
internal delegate ValueTask<Element?> IqHandler(IqRequest request);

/// <summary>Answers an iq get with the serialised payload of its result, written for the default namespace <see cref="Ns.Client"/>. Errors are thrown as <see cref="StanzaErrorException"/>.</summary>
internal delegate ValueTask<byte[]> PreparedIqHandler(IqRequest request);
