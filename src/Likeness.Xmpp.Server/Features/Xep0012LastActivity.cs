using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0012 Last Activity 2.0: how long a contact has been away, and how long the server has been up. Known as long as the account stays in memory; who may not see the presence is told nothing.</summary>
internal sealed class Xep0012LastActivity(TimeProvider time) : IFeature
{
    private const int MaxStatusCharacters = 1024;
    private readonly long _started = time.GetTimestamp();

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.LastActivity);
        registry.AccountFeatures.Add(Ns.LastActivity);
        registry.PresenceTaken.Add(Note);
        registry.OnServerIq("get", "query", Ns.LastActivity, _ => new(Answer(_started)));
        registry.OnAnybodysIq("get", "query", Ns.LastActivity, request => new(Of(request)));
    }

    private void Note(Session session, Element presence, bool isFirst)
    {
        if (presence["type"] == "unavailable")
        {
            var status = presence.Child("status")?.Text();
            session.Account.State<LastSeen>().Set(time.GetTimestamp(), status?.Length > MaxStatusCharacters ? status[..MaxStatusCharacters] : status);
        }
    }

    // XEP-0012 §3: only who sees the presence; an address without account looks like one that hides.
    private Element Of(IqRequest request)
    {
        if (request.Target is not { } account || !(request.IsOwn || account.Roster.Find(request.From) is { SeesUs: true }))
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden);
        }

        foreach (var session in account.Sessions)
        {
            if (session.IsAvailable)
            {
                return new Element("query", Ns.LastActivity).Set("seconds", "0");
            }
        }

        return account.State<LastSeen>().Get() is { } seen
            ? Answer(seen.At).Add(seen.Status ?? "")
            : throw new StanzaErrorException(StanzaCondition.ItemNotFound, "Not seen since the server started.");
    }

    private Element Answer(long since) => new Element("query", Ns.LastActivity).Set("seconds", $"{(long)time.GetElapsedTime(since).TotalSeconds}");

    /// <summary>When an account was last online, and its parting words.</summary>
    private sealed class LastSeen
    {
        private readonly Lock _gate = new();
        private (long At, string? Status)? _last;

        public void Set(long at, string? status)
        {
            lock (_gate)
            {
                _last = (at, status);
            }
        }

        public (long At, string? Status)? Get()
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }
}
