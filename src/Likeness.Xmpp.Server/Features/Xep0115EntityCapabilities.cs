using System.Collections.Concurrent;
using System.Collections.Frozen;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

using Payload = Likeness.Xmpp.Payloads.Xep0115EntityCapabilities;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0115 Entity Capabilities 1.6.0: what the server's own clients want to be notified of. A hash that holds is remembered for everybody, one that does not for its resource only.</summary>
internal sealed partial class Xep0115EntityCapabilities(ILogger<Xep0115EntityCapabilities> log) : IFeature
{
    private const string Notify = "+notify";
    private const int MaxInterests = 128;
    private const int LongestAttribute = 512;
    private const int MaxUnanswered = 4;
    private readonly GenerationCache<string, FrozenSet<string>> _verified = new(200_000, interests => interests.Count + 4);
    private readonly ConcurrentDictionary<Session, Announced> _announced = new();
    private FeatureRegistry? _registry;

    public void Register(FeatureRegistry registry)
    {
        _registry = registry;
        registry.PresenceTaken.Add(Take);
        registry.BecameAvailable.Add(session => Tell(session, session.Interests));
        registry.SessionEnded.Add(session => _announced.TryRemove(session, out _));
    }

    private void Take(Session session, Element presence, bool isFirst)
    {
        if (presence["type"] is not null)
        {
            _announced.TryRemove(session, out _);
            session.Interests = FrozenSet<string>.Empty;
            return;
        }

        if (Payload.Read(presence) is not { Version.Length: <= LongestAttribute, Node.Length: <= LongestAttribute } caps)
        {
            return;
        }

        var announced = _announced.GetOrAdd(session, static _ => new Announced());
        if (announced.Caps == caps)
        {
            return;
        }

        announced.Caps = caps;
        if (caps.Hash == "sha-1" && _verified.TryGet(caps.Version, out var known))
        {
            Apply(session, known, isTold: !isFirst);
        }
        else
        {
            Ask(session, announced, caps);
        }
    }

    private void Ask(Session session, Announced announced, CapsAnnouncement caps)
    {
        if (announced.Unanswered >= MaxUnanswered)
        {
            return;
        }

        announced.Unanswered++;
        var question = new Element("query", Ns.DiscoInfo).Set("node", caps.DiscoNode);
        session.Requests.Ask(session.Account.Jid.Text, "get", question, answer =>
        {
            Learn(session, announced, caps, answer);
            return default;
        });
    }

    private void Learn(Session session, Announced announced, CapsAnnouncement caps, Element answer)
    {
        announced.Unanswered--;
        if (answer["type"] != "result" || answer.Child("query", Ns.DiscoInfo) is not { } query || DiscoInfo.Read(query) is not { } info)
        {
            return;
        }

        var interests = Interests(info);
        if (Payload.Confirms(caps, info))
        {
            _verified.Set(caps.Version, interests);
        }

        if (session.IsAvailable && announced.Caps == caps)
        {
            Apply(session, interests, isTold: true);
        }
    }

    /// <summary>Nodes whose events somebody wants who says this of itself.</summary>
    public static FrozenSet<string> Interests(DiscoInfo info) =>
        info.Features
            .Where(feature => feature.Length <= LongestAttribute && feature.EndsWith(Notify, StringComparison.Ordinal))
            .Select(feature => feature[..^Notify.Length])
            .Take(MaxInterests)
            .ToFrozenSet(StringComparer.Ordinal);

    // An unchanged interest is never served again, a new one at once.
    private void Apply(Session session, FrozenSet<string> interests, bool isTold)
    {
        var before = session.Interests;
        session.Interests = interests;
        string[] added = isTold ? [.. interests.Where(interest => !before.Contains(interest))] : [];
        if (added.Length > 0)
        {
            _ = TellLater(session, added);
        }
    }

    private async Task TellLater(Session session, string[] added)
    {
        try
        {
            await Tell(session, added);
        }
#pragma warning disable CA1031 // Nobody waits for this; a fault is logged and ends nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotTold(log, session.Jid.Text, fault);
        }
    }

    private async ValueTask Tell(Session session, IReadOnlyCollection<string> interests)
    {
        if (interests.Count == 0)
        {
            return;
        }

        foreach (var listener in _registry!.InterestsAdded)
        {
            await listener(session, interests);
        }
    }

    private sealed class Announced
    {
        public CapsAnnouncement? Caps { get; set; }

        public int Unanswered { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "What {Session} wants to be notified of could not be sent")]
        public static partial void NotTold(ILogger logger, string session, Exception exception);
    }
}
