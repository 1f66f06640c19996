using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Takes every stanza of a local session, stamps its sender, and sends it the way of its kind. Errors become replies here and nowhere else.</summary>
public sealed partial class StanzaRouter(
    IqDispatcher iqs,
    MessageDelivery messages,
    PresenceDispatcher presences,
    ILogger<StanzaRouter> log)
{
    /// <summary>Handles one stanza to its end; the session sends the next one only then (C-2B).</summary>
    public async ValueTask Handle(Session session, Element stanza)
    {
        try
        {
            var to = AddressOf(stanza);
            stanza.Set("from", session.Jid.Text);
            RefuseBlocked(session, stanza, to);
            switch (stanza.Name)
            {
                case "message":
                    await messages.Handle(session, stanza, to);
                    break;
                case "presence":
                    await presences.Handle(session, stanza, to);
                    break;
                default:
                    await iqs.Handle(session, stanza, to);
                    break;
            }
        }
        catch (StanzaErrorException error)
        {
            Reply(session, stanza, error);
        }
        catch (Exception refusal) when (StanzaErrors.Of(refusal) is { } error)
        {
            Reply(session, stanza, error);
        }
#pragma warning disable CA1031 // A bug in a handler is logged and answered; the stream lives on (design §5).
        catch (Exception bug) when (bug is not StreamErrorException and not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(log, stanza.Name, stanza.FirstChild()?.Namespace ?? "", bug);
            Reply(session, stanza, new StanzaErrorException(StanzaCondition.InternalServerError));
        }
    }

    private static Jid? AddressOf(Element stanza)
    {
        var text = stanza["to"];
        if (text is null)
        {
            return null;
        }

        // C-77
        return Jid.TryParse(text, out var to)
            ? to
            : throw new StanzaErrorException(StanzaCondition.JidMalformed, "The address in 'to' is not a valid XMPP address.");
    }

    // C-151: nothing goes out to a blocked contact but the presence that takes leave of it.
    private static void RefuseBlocked(Session session, Element stanza, Jid? to)
    {
        if (to is not null && session.Account.Blocks(to) && stanza["type"] is not ("error" or "result" or "unavailable" or "unsubscribe" or "unsubscribed"))
        {
            throw new StanzaErrorException(
                StanzaCondition.NotAcceptable,
                "You have blocked this contact.",
                new Element("blocked", Ns.BlockingErrors),
                "cancel");
        }
    }

    private static void Reply(Session session, Element stanza, StanzaErrorException error)
    {
        if (StanzaReply.Error(stanza, error) is { } reply)
        {
            session.Send(reply);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Handling a {Stanza} with payload {Namespace} failed")]
        public static partial void HandlerFailed(ILogger logger, string stanza, string @namespace, Exception exception);
    }
}
