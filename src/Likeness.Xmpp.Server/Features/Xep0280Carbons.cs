using System.Collections.Frozen;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0280 Message Carbons 1.0.1: what one resource of an account is sent or sends is copied to the others that want it.</summary>
internal sealed class Xep0280Carbons : IFeature
{
    // What makes a message without body part of a conversation (XEP-0280 §6.1).
    private static readonly FrozenSet<string> Conversational = new[]
    {
        "http://jabber.org/protocol/chatstates", "urn:xmpp:receipts", "urn:xmpp:chat-markers:0", "urn:xmpp:jingle-message:0", "jabber:x:conference",
        "urn:xmpp:reactions:0", "urn:xmpp:message-retract:1", "urn:xmpp:message-correct:0", "urn:xmpp:eme:0", "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:2",
    }.ToFrozenSet(StringComparer.Ordinal);

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.Carbons);
        registry.ServerFeatures.Add("urn:xmpp:carbons:rules:0");
        registry.OnOwnIq("set", "enable", Ns.Carbons, request => Switch(request, isOn: true));
        registry.OnOwnIq("set", "disable", Ns.Carbons, request => Switch(request, isOn: false));
        registry.Inline.Add(Ns.Carbons, SwitchOn);
        registry.OnMessage(MessageStage.Decide, Decide);
        registry.OnMessage(MessageStage.Copy, CopyReceived);
        registry.OnSent(MessageStage.Copy, CopySent);
    }

    private static ValueTask<Element?> Switch(IqRequest request, bool isOn)
    {
        request.Session!.WantsCopies = isOn;
        return default;
    }

    private static Element? SwitchOn(Session session, Element wanted)
    {
        session.WantsCopies |= wanted.Name == "enable";
        return null;
    }

    private static ValueTask Decide(MessagePassage passage)
    {
        passage.IsCopied = passage.Missed is null
            && IsWanted(passage.Account!, passage)
            && IsEligible(passage.Message)
            && !IsPrivateOfRoom(passage.Message);
        return default;
    }

    private static bool IsWanted(Account account, MessagePassage passage)
    {
        foreach (var session in account.Sessions)
        {
            if (session.WantsCopies && !passage.IsKnownTo(session))
            {
                return true;
            }
        }

        return false;
    }

    private static ValueTask CopyReceived(MessagePassage passage)
    {
        if (passage.Shared is not { } original)
        {
            return default;
        }

        foreach (var session in passage.Account!.Sessions)
        {
            if (session.WantsCopies && !passage.IsKnownTo(session))
            {
                session.Send(new PreparedStanza(Wrap("received", passage.Message, session)) { CopyOf = original });
            }
        }

        if (original.Miss())
        {
            // Whoever was to take it ended before a copy was out.
            passage.Outcome = MessageOutcome.Open;
        }

        return default;
    }

    // What goes to the own account is copied as received.
    private static ValueTask CopySent(SentMessage sent)
    {
        var account = sent.Client.Account;
        var sessions = account.Sessions;
        if (sessions.Length < 2 || sent.To.BareText == account.Jid.Text)
        {
            return default;
        }

        bool? isEligible = null;
        foreach (var session in sessions)
        {
            if (session.WantsCopies && !ReferenceEquals(session, sent.Client) && (isEligible ??= IsEligible(sent.Message)))
            {
                session.Send(Wrap("sent", sent.Shown, session));
            }
        }

        return default;
    }

    private static Element Wrap(string direction, Element message, Session to) => new Element("message", Ns.Client)
        .Set("from", to.Account.Jid.Text)
        .Set("to", to.Jid.Text)
        .Set("type", message["type"])
        .Add(new Element(direction, Ns.Carbons).Add(new Element("forwarded", Ns.Forward).Add(message)));

    private static bool IsEligible(Element message)
    {
        if (message["type"] is "groupchat" or "headline")
        {
            return false;
        }

        var isConversation = message["type"] == "chat";
        foreach (var node in message.Nodes)
        {
            switch (node)
            {
                case Element { Namespace: Ns.Carbons } or Element { Namespace: Ns.Hints, Name: "no-copy" } or Element { Namespace: Ns.Archive }:
                    return false;
                case Element child when child.Is("body", Ns.Client) || IsInvitation(child) || Conversational.Contains(child.Namespace):
                    isConversation = true;
                    break;
            }
        }

        return isConversation;
    }

    private static bool IsInvitation(Element child) => child.Is("x", Ns.MucUser) && (child.Child("invite") ?? child.Child("decline")) is not null;

    // Each resource in the room gets its own (XEP-0280 §6.1).
    private static bool IsPrivateOfRoom(Element message) => message.Child("x", Ns.MucUser) is { } room && !IsInvitation(room);
}
