using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>
/// Stanzas of one connection on their way into the router. What goes between the same two addresses stays in its order (RFC 6120 §10.1); who
/// has to wait, for a store or a room, holds up nobody else. When too many wait, the connection is not read on.
/// </summary>
internal sealed class StanzaLanes(Strangers strangers, Router router, int maxHandling, StreamConnection connection)
{
    private const int Count = 32;
    private readonly Task?[] _lanes = new Task?[Count];
    private int _handling;

    /// <summary>Completes when the next one may come.</summary>
    public ValueTask Take(Element stanza, Jid from, Jid to)
    {
        var lane = (uint)HashCode.Combine(HashOf(from), HashOf(to)) % Count;
        var sender = new RoutedSender(router, from);
        if (_lanes[lane] is not { IsCompleted: false } before)
        {
            var handling = strangers.Route(sender, stanza, from, to);
            if (handling.IsCompletedSuccessfully)
            {
                return default;
            }

            _lanes[lane] = Finish(handling);
        }
        else
        {
            _lanes[lane] = Follow(before, sender, stanza, from, to);
        }

        return Volatile.Read(ref _handling) < maxHandling ? default : new ValueTask(_lanes[lane]!);
    }

    private static int HashOf(Jid jid)
    {
        var slash = jid.Text.IndexOf('/', StringComparison.Ordinal);
        return string.GetHashCode(slash < 0 ? jid.Text : jid.Text.AsSpan(0, slash), StringComparison.Ordinal);
    }

    private async Task Follow(Task before, Sender sender, Element stanza, Jid from, Jid to)
    {
        Interlocked.Increment(ref _handling);
        try
        {
            await before;
            await Finish(strangers.Route(sender, stanza, from, to));
        }
        finally
        {
            Interlocked.Decrement(ref _handling);
        }
    }

    // Never throws: what ends the stream ends it.
    private async Task Finish(ValueTask handling)
    {
        Interlocked.Increment(ref _handling);
        try
        {
            await handling;
        }
        catch (StreamErrorException error)
        {
            connection.Close(error);
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
        finally
        {
            Interlocked.Decrement(ref _handling);
        }
    }
}

/// <summary>How fast one other domain may send, over all its connections together.</summary>
internal sealed class DomainPace(FederationOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private SendingPace _pace;

    /// <inheritdoc cref="SendingPace.Take"/>
    public TimeSpan Take(long now, int stanzas, long bytes)
    {
        lock (_gate)
        {
            return _pace.Take((options.MaxStanzasPerSecond, options.MaxBytesPerSecond), time, now, stanzas, bytes);
        }
    }
}
