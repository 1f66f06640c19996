using Likeness.Limits;
using Likeness.Xmpp.Server.Connections;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>Makes sessions out of authenticated streams and takes them down again (RFC 6120 §7).</summary>
internal sealed partial class Binding(
    XmppServerOptions options,
    AccountDirectory directory,
    ISessionHandler handler,
    TimeProvider time,
    ILogger<Binding> log) : ISessionBinder
{
    private const int MaxReplacedResources = 10_000;
    private const int MaxTagCharacters = 64;

    // The third replacement of one resource within a minute means two clients kick each other.
    private readonly KeyedRateLimiter<string> _replacements = new(new(2, TimeSpan.FromMinutes(1)), MaxReplacedResources, time);

    internal ISessionHandler Handler { get; } = handler;

    internal DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Sessions whose clients lost their connection.</summary>
    internal AwaySessions Away { get; } = new(options, time);

    /// <inheritdoc/>
    public ValueTask<IStreamSession> Bind(Jid account, string? resource, StreamConnection connection) =>
        Jid.TryParse($"{account.Text}/{(string.IsNullOrEmpty(resource) ? StanzaId.New() : resource)}", out var full)
            ? BindAs(full, null, connection)
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "The resource is not valid.");

    /// <inheritdoc/>
    public ValueTask<IStreamSession> Bind(Jid account, InlineBinding inline, StreamConnection connection)
    {
        var tag = inline.Tag is { Length: > 0 and <= MaxTagCharacters } text ? Jid.NormalizeResource(text) : null;
        var name = inline.Client ?? StanzaId.New();
        return BindAs(account.WithResource(tag is null ? name : $"{tag}/{name}"), inline, connection);
    }

    /// <inheritdoc/>
    public ValueTask Describe(IStreamSession session, InlineBinding inline) => Handler.Bound((Session)session, inline.Bound);

    private async ValueTask<IStreamSession> BindAs(Jid full, InlineBinding? inline, StreamConnection connection)
    {
        while (true)
        {
            var owner = await directory.Find(full.Bare) ?? throw new StreamErrorException("not-authorized", "The account is gone.");
            Session? replaced;
            Session session;

            // Nobody looks in between: a resource that is replaced is either there or taken leave of.
            lock (owner.PresenceGate)
            {
                lock (owner.Gate)
                {
                    if (owner.Retired)
                    {
                        continue;
                    }

                    if (owner.IsDisabled)
                    {
                        // A moment after its client logged in.
                        throw new StreamErrorException("not-authorized", "The account is disabled.");
                    }

                    replaced = inline?.Client is { } client ? SessionOfClient(owner, client) : owner.SessionOf(full.Resource!);

                    // One client that comes back is nobody else's rival, however often it does.
                    if (replaced is not null && inline?.Client is null && _replacements.Take(full.Text) > TimeSpan.Zero)
                    {
                        replaced = null;
                        full = full.WithResource(StanzaId.New());
                    }

                    if (replaced is null && owner.Sessions.Length >= options.MaxResources)
                    {
                        throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"An account may have {options.MaxResources} resources online.");
                    }

                    session = new Session(owner, full, connection, this, options.MaxUnsentBytes, time);
                    if (inline is not null)
                    {
                        Handler.Binding(session, inline.Wanted, inline.Bound);
                    }

                    if (replaced is not null)
                    {
                        owner.Remove(replaced);
                    }

                    owner.Add(session);
                }

                if (replaced is not null)
                {
                    Handler.Left(replaced);
                }
            }

            if (replaced is not null)
            {
                replaced.Close(new StreamErrorException("conflict", "Another stream bound the same resource."));
            }

            return session;
        }
    }

    // Its resource ends so, whatever the client called itself then.
    private static Session? SessionOfClient(Account account, string client)
    {
        foreach (var session in account.Sessions)
        {
            var resource = session.Jid.Resource!;
            if (resource.EndsWith(client, StringComparison.Ordinal) && (resource.Length == client.Length || resource[^(client.Length + 1)] == '/'))
            {
                return session;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<ResumedStream> Resume(Jid account, string id, uint handled, StreamConnection connection, CancellationToken cancellationToken)
    {
        var owner = await directory.Find(account) ?? throw new StreamErrorException("not-authorized", "The account is gone.");
        if (SessionOf(owner, id) is { Stream: { } stream } session)
        {
            session.Outbox.Acknowledge(handled);
            if (stream.TryClaim(connection, out var holder, out var released))
            {
                try
                {
                    holder?.CloseSilent(new StreamErrorException("conflict", "The session goes on over another connection."));
                    await released.WaitAsync(options.CloseTimeout, time, cancellationToken);
                    if (stream.Take(connection))
                    {
                        return new(session, stream.Handled);
                    }
                }
                catch (TimeoutException)
                {
                    // The other connection is still busy with what its client sent.
                }
                finally
                {
                    stream.GiveUp(connection);
                }

                if (session.Outbox.HasGap)
                {
                    session.Close(new StreamErrorException("resource-constraint", "What the client did not take is not there any more."));
                }
            }
        }

        return new(null, owner.State<EndedStreams>().HandledOn(id, time.GetUtcNow()));
    }

    /// <summary>Ends the sessions of all clients that are away: what waits for them is kept or goes back.</summary>
    public Task EndAllAway() => Task.WhenAll(Away.All().Where(session => session.Stream?.Forbid() == true).Select(session => EndAway(session)));

    /// <summary>The session's connection is over.</summary>
    internal async ValueTask End(Session session, StreamConnection connection, StreamEnd end)
    {
        if (session.Stream is { } stream)
        {
            if (end == StreamEnd.Closed && session.Connection == connection)
            {
                stream.Acknowledge();
            }

            if (stream.Release(connection, end))
            {
                return;
            }
        }

        if (end != StreamEnd.Closed)
        {
            await EndAway(session, end);
            return;
        }

        // Whoever comes back under the same resource has most likely lost the line that it replaces.
        DateTimeOffset? doubtful = Leave(session) ? null : DateTimeOffset.MinValue;
        await session.Outbox.Drained();
        await GoBack(session, doubtful);
        KeepCount(session);
        Handler.Ended(session);
    }

    /// <summary>Ends a session that has no connection any more.</summary>
    internal Task EndAway(Session session) => EndAway(session, StreamEnd.Lost);

    private async Task EndAway(Session session, StreamEnd end)
    {
        // While it is still bound: what comes meanwhile must not overtake what waits here. A client that was silent is remembered since it was heard.
        await GoBack(session, end == StreamEnd.Lost ? Now - Session.RemembersFor : DateTimeOffset.MinValue);
        KeepCount(session);
        Leave(session);
        Handler.Ended(session);
    }

    /// <summary>What waits for the session goes back, and so does what still comes. Completes when nothing waits.</summary>
    /// <param name="doubtful">Since when it is not known whether what was written arrived; null: it did.</param>
    internal Task Return(Session session, DateTimeOffset? doubtful) => session.Outbox.Return(stanzas => Undelivered(session, stanzas), doubtful);

    private async Task GoBack(Session session, DateTimeOffset? doubtful)
    {
        try
        {
            await Return(session, doubtful).WaitAsync(options.CloseTimeout, time);
        }
        catch (TimeoutException)
        {
            // The rest goes on behind.
        }
    }

    // Before it is not found any more, where it can be: whoever asks for it finds the one or the other.
    private void KeepCount(Session session)
    {
        if (session.Stream is { Id: { } id } stream)
        {
            session.Account.State<EndedStreams>().Add(id, stream.Handled, time.GetUtcNow());
        }
    }

    private static Session? SessionOf(Account account, string id)
    {
        foreach (var session in account.Sessions)
        {
            if (session.Stream?.Id == id)
            {
                return session;
            }
        }

        return null;
    }

    // False: another one has taken its place.
    private bool Leave(Session session)
    {
        lock (session.Account.PresenceGate)
        {
            bool wasBound;
            lock (session.Account.Gate)
            {
                wasBound = session.Account.Remove(session);
            }

            if (wasBound)
            {
                Handler.Left(session);
            }

            return wasBound;
        }
    }

    private async ValueTask Undelivered(Session session, IReadOnlyList<ReturnedStanza> stanzas)
    {
        try
        {
            await Handler.Undelivered(session, stanzas);
        }
#pragma warning disable CA1031 // Nobody else could report it, and what waits behind must still go its way.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Log.ReturnFailed(log, stanzas.Count, bug);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Count} stanzas that a client did not take were lost")]
        public static partial void ReturnFailed(ILogger logger, int count, Exception exception);
    }
}
