using Likeness.Limits;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>
/// What people of other servers may do to people here who do not know them: ask to be a contact, write, find out who is here, each of it
/// slowly. Contacts, people behind a gateway that is a contact, rooms that somebody is in, and whoever was written to from here are no strangers.
/// </summary>
internal sealed class Strangers(AccountDirectory directory, Router router, XmppServerOptions options, TimeProvider time)
{
    private const int MaxKeys = 10_000;
    private const int MaxWritten = 100_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private static readonly object Mark = new();
    private readonly KeyedRateLimiter<string> _requests = new(new RateLimit(options.Federation.MaxStrangerRequestsPerHour, TimeSpan.FromHours(1)), MaxKeys, time);
    private readonly KeyedRateLimiter<string> _messages = new(new RateLimit(options.Federation.MaxStrangerMessagesPerMinute, TimeSpan.FromMinutes(1)), MaxKeys, time);
    private readonly KeyedRateLimiter<string> _nobodies = new(new RateLimit(options.Federation.MaxNobodiesPerMinute, TimeSpan.FromMinutes(1)), MaxKeys, time);
    private readonly GenerationCache<long, object> _written = new(MaxWritten, static _ => 1);
    private readonly GenerationCache<string, KnownDomain> _domains = new(MaxKeys, static _ => 1);

    /// <summary>Somebody here writes to somebody elsewhere, who may answer.</summary>
    public void Wrote(Jid from, Jid to)
    {
        var pair = PairOf(from, to);
        if (!_written.TryGet(pair, out _))
        {
            _written.Set(pair, Mark);
        }
    }

    /// <summary>Brings a stanza from elsewhere to its addressee, if it may come; never throws but for the end of a stream.</summary>
    public ValueTask Route(Sender sender, Element stanza, Jid from, Jid to)
    {
        if (to.Local is null || stanza["type"] is "error" or "result" || router.To(to) is not LocalAccounts)
        {
            return router.Route(sender, stanza, to);
        }

        var account = directory.Find(to);
        return account.IsCompletedSuccessfully ? Route(sender, stanza, from, to, account.Result) : router.Conclude(sender, stanza, AfterLoading(sender, stanza, from, to, account));
    }

    private async ValueTask AfterLoading(Sender sender, Element stanza, Jid from, Jid to, ValueTask<Account?> account) =>
        await Route(sender, stanza, from, to, await account);

    private ValueTask Route(Sender sender, Element stanza, Jid from, Jid to, Account? account)
    {
        if (account is null)
        {
            // Who guesses addresses learns less and less.
            var isAnswered = stanza.Name != "presence" || stanza["type"] == "probe";
            return isAnswered && _nobodies.Take(from.Domain) > TimeSpan.Zero ? default : router.Route(sender, stanza, to);
        }

        var isTooMuch = stanza.Name switch
        {
            "message" => MessagePassage.IsForLater(stanza) && IsStranger(account, from) && _messages.Take(account.Jid.Text) > TimeSpan.Zero,
            "presence" => stanza["type"] == "subscribe" && !IsKnown(account, from.Domain) && _requests.Take(from.Domain) > TimeSpan.Zero,
            _ => false,
        };
        return isTooMuch
            ? router.Conclude(sender, stanza, ValueTask.FromException(new StanzaErrorException(StanzaCondition.ResourceConstraint, "Too much comes from people who are not known here; try again later.")))
            : router.Route(sender, stanza, to);
    }

    private bool IsStranger(Account account, Jid from) =>
        account.Roster.Find(from) is not ({ SeesUs: true } or { IsSeen: true } or { Asking: true })
        && account.Roster.Find(Jid.Parse(from.Domain)) is null
        && !_written.TryGet(PairOf(account.Jid, from), out _)
        && !account.Sessions.Any(session => session.HasDirected && session.Directed.IncludesAccountOf(from));

    // Whom somebody here knows is looked for among those in memory: who was here lately. A guess that is wrong costs a server that sends many requests an hour.
    private bool IsKnown(Account account, string domain)
    {
        if (Knows(account, domain))
        {
            return true;
        }

        if (!_domains.TryGet(domain, out var known) || time.GetElapsedTime(known.Since) > Remembered)
        {
            _domains.Set(domain, known = new KnownDomain(directory.Loaded.Any(other => Knows(other, domain)), time.GetTimestamp()));
        }

        return known.Is;
    }

    private static bool Knows(Account account, string domain) => account.Roster.Items.Any(item => (item.SeesUs || item.IsSeen) && item.Contact.Domain == domain);

    private static long PairOf(Jid ours, Jid theirs) =>
        ((long)string.GetHashCode(ours.BareText, StringComparison.Ordinal) << 32) | (uint)string.GetHashCode(theirs.BareText, StringComparison.Ordinal);

    private sealed record KnownDomain(bool Is, long Since);
}
