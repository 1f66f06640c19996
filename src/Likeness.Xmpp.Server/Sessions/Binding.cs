using Likeness.Limits;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>Makes sessions out of authenticated streams and takes them down again (RFC 6120 §7).</summary>
public sealed class Binding(
    XmppServerOptions options,
    AccountDirectory directory,
    PresenceDispatcher presences,
    FeatureRegistry features,
    TimeProvider time)
{
    private const int MaxReplacedResources = 10_000;

    // C-61: the third replacement of one resource within a minute means two clients kick each other.
    private readonly KeyedRateLimiter<string> _replacements = new(new(2, TimeSpan.FromMinutes(1)), MaxReplacedResources, time);

    /// <param name="requested">The resource the client asks for; null or empty: the server makes one (C-60).</param>
    public async ValueTask<Session> Bind(Jid bare, string? requested, StreamOutput output, Action<StreamErrorException> close)
    {
        var resource = string.IsNullOrEmpty(requested) ? StanzaId.New() : requested;
        if (!Jid.TryParse($"{bare.Text}/{resource}", out var full))
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "The resource is not valid.");
        }

        while (true)
        {
            var account = await directory.Find(bare) ?? throw new StreamErrorException("not-authorized", "The account is gone.");
            Session? replaced;
            Session session;
            lock (account.Gate)
            {
                if (account.Retired)
                {
                    continue;
                }

                replaced = account.SessionOf(full.Resource!);
                if (replaced is not null && _replacements.Take(full.Text) > TimeSpan.Zero)
                {
                    replaced = null;
                    full = bare.WithResource(StanzaId.New());
                }

                if (replaced is null && account.Sessions.Length >= options.MaxResources)
                {
                    throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"An account may have {options.MaxResources} resources online.");
                }

                session = new Session(account, full, output, close);
                if (replaced is not null)
                {
                    account.Remove(replaced);
                }

                account.Add(session);
            }

            if (replaced is not null)
            {
                presences.End(replaced);
                replaced.Close(new StreamErrorException("conflict", "Another stream bound the same resource."));
            }

            return session;
        }
    }

    /// <summary>The session's stream is over.</summary>
    public ValueTask Release(Session session)
    {
        bool wasBound;
        lock (session.Account.Gate)
        {
            wasBound = session.Account.Remove(session);
        }

        if (wasBound)
        {
            presences.End(session);
        }

        foreach (var ended in features.SessionEnded)
        {
            ended(session);
        }

        return ValueTask.CompletedTask;
    }
}
