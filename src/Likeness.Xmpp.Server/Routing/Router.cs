using System.Collections.Frozen;
using Likeness.Imaging;
using Likeness.Stores;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Who answers for a domain.</summary>
internal interface IDestination
{
    /// <summary>False: nothing that goes there arrives, which is known without trying.</summary>
    bool IsThere => true;

    /// <summary>Does nothing with a message that anybody sees before it is its <see cref="Sender.Turn">turn</see>.</summary>
    bool KeepsTurn => false;

    /// <summary>Takes a stanza in, with its sender stamped. What it throws as <see cref="StanzaErrorException"/> goes back to the sender. Calls come in the order of the stanzas; what must stay in order is begun before the first wait.</summary>
    ValueTask Deliver(Sender from, Element stanza, Jid to);

    /// <summary>Takes in a presence that goes to many, to everybody available at this bare address; never waits.</summary>
    void Broadcast(PreparedStanza presence, Jid from, Jid to);

    /// <summary>Takes in a stanza that was serialised once for many, for this full address; never waits, and asks nobody whether it is wanted. False: nobody is there.</summary>
    bool Send(PreparedStanza stanza, Jid to);
}

/// <summary>Brings every stanza to the one who answers for its domain, and every error back to its sender. The table is filled at start; whatever domain is not in it is elsewhere.</summary>
internal sealed partial class Router(ILogger<Router> log)
{
    private FrozenDictionary<string, IDestination> _destinations = FrozenDictionary<string, IDestination>.Empty;
    private IDestination _elsewhere = new RemoteDomain();

    /// <summary>Call once, before the first connection.</summary>
    public void Use(IReadOnlyDictionary<string, IDestination> destinations, IDestination? elsewhere = null)
    {
        _destinations = destinations.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _elsewhere = elsewhere ?? _elsewhere;
    }

    /// <summary>Somebody here answers for this domain.</summary>
    public bool Serves(string domain) => _destinations.ContainsKey(domain);

    public IDestination To(Jid address) => _destinations.GetValueOrDefault(address.Domain) ?? _elsewhere;

    /// <summary>Delivers a stanza; never throws but for the end of a stream.</summary>
    public ValueTask Route(Sender from, Element stanza, Jid to)
    {
        try
        {
            var delivery = To(to).Deliver(from, stanza, to);
            return delivery.IsCompletedSuccessfully ? default : Conclude(from, stanza, delivery);
        }
#pragma warning disable CA1031 // Every fault of a delivery is answered in one place.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Conclude(from, stanza, ValueTask.FromException(fault));
        }
    }

    /// <summary>Delivers a stanza that nobody waits for.</summary>
    public void Send(Sender from, Element stanza, Jid to) => _ = Route(from, stanza, to).AsTask();

    /// <summary>Waits for the handling of a stanza. Errors become replies here and nowhere else.</summary>
    public async ValueTask Conclude(Sender from, Element stanza, ValueTask handling)
    {
        try
        {
            await handling;
        }
        catch (StanzaErrorException error)
        {
            await Reply(from, stanza, error);
        }
        catch (Exception refusal) when (StanzaErrors.Of(refusal) is { } error)
        {
            await Reply(from, stanza, error);
        }
#pragma warning disable CA1031 // A bug in a handler is logged and answered; the stream lives on (design §5).
        catch (Exception bug) when (bug is not StreamErrorException and not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(log, stanza.Name, stanza.FirstChild()?.Namespace ?? "", bug);
            await Reply(from, stanza, new StanzaErrorException(StanzaCondition.InternalServerError));
        }
    }

    private static async ValueTask Reply(Sender from, Element stanza, StanzaErrorException error)
    {
        await from.Turn();
        if (StanzaReply.Error(stanza, error) is { } reply)
        {
            from.Reply(reply);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Handling a {Stanza} with payload {Namespace} failed")]
        public static partial void HandlerFailed(ILogger logger, string stanza, string @namespace, Exception exception);
    }
}

/// <summary>Somebody behind the router: a room, a service, or the sender of a stanza that comes back long after.</summary>
internal sealed class RoutedSender(Router router, Jid jid) : Sender
{
    public override Jid Jid => jid;

    public override void Reply(Element stanza) =>
        router.Send(new ServerSender(Jid.TryParse(stanza["from"], out var from) ? from : jid), stanza, jid);
}

/// <summary>Every domain that is not in the router's table, where other servers are not talked to: nothing arrives, and the sender is told (RFC 6120 §10.4.3).</summary>
internal sealed class RemoteDomain : IDestination
{
    public bool IsThere => false;

    public ValueTask Deliver(Sender from, Element stanza, Jid to) => IsLeave(stanza)
        ? default
        : throw new StanzaErrorException(StanzaCondition.RemoteServerNotFound);

    public void Broadcast(PreparedStanza presence, Jid from, Jid to)
    {
        // A contact there sees nothing; whoever broadcasts asked nobody and is told nothing (RFC 6121 §4.2.2).
    }

    public bool Send(PreparedStanza stanza, Jid to) => false;

    // Whoever takes leave of somebody that was never reached has nothing to hear about it.
    public static bool IsLeave(Element stanza) =>
        stanza is { Name: "presence" } && stanza["type"] is "unavailable" or "unsubscribe" or "unsubscribed";
}

/// <summary>A service of this server under a domain of its own, such as rooms. What it does not serve is service-unavailable.</summary>
internal abstract class LocalService : IDestination
{
    public virtual ValueTask Deliver(Sender from, Element stanza, Jid to) => stanza.Name switch
    {
        "iq" => Iq(from, stanza, to),
        "message" => Message(from, stanza, to),
        _ => Presence(from, stanza, to),
    };

    public virtual void Broadcast(PreparedStanza presence, Jid from, Jid to) => _ = Take(presence, from, to);

    /// <summary>Services are in no room.</summary>
    public virtual bool Send(PreparedStanza stanza, Jid to) => false;

    // Whoever broadcasts asked nobody and is told nothing.
    private async Task Take(PreparedStanza presence, Jid from, Jid to)
    {
        try
        {
            await Presence(new ServerSender(from), presence.ToElement([]).Set("to", to.Text), to);
        }
        catch (StanzaErrorException)
        {
            // The service does not take presence.
        }
    }

    /// <summary>An iq of any type; results and errors answer what the service asked.</summary>
    protected virtual ValueTask Iq(Sender from, Element iq, Jid to) => throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);

    protected virtual ValueTask Message(Sender from, Element message, Jid to) => throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);

    /// <summary>Presence nobody asked for is passed over (RFC 6121 §8.5.1).</summary>
    protected virtual ValueTask Presence(Sender from, Element presence, Jid to) => default;
}

/// <summary>How a client is told what the domain refused.</summary>
internal static class StanzaErrors
{
    /// <summary>Null: the exception is no refusal but a bug.</summary>
    public static StanzaErrorException? Of(Exception exception) => exception switch
    {
        PortraitLockedException => new StanzaErrorException(StanzaCondition.NotAllowed, exception.Message),
        PictureBlockedException => new StanzaErrorException(StanzaCondition.NotAcceptable, exception.Message),
        RenderUnavailableException => new StanzaErrorException(StanzaCondition.ResourceConstraint, "The picture cannot be checked just now; try again later."),
        StoreUnavailableException { IsFull: true } => new StanzaErrorException(StanzaCondition.ResourceConstraint, "The server has no room to store this."),
        StoreUnavailableException => new StanzaErrorException(StanzaCondition.ResourceConstraint, "The server cannot reach its database just now; try again later."),
        AccountGoneException => new StanzaErrorException(StanzaCondition.ServiceUnavailable),
        _ => null,
    };
}
