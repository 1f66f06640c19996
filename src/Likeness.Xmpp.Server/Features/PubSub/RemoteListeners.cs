using System.Collections.Frozen;
using System.Collections.Immutable;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;
using Payload = Likeness.Xmpp.Payloads.Xep0115EntityCapabilities;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>
/// Resources of other servers that showed themselves to people of ours, and what they want to be notified of (XEP-0163 §4.3): their
/// server knows neither, so ours keeps it for as long as they are there. Those heard of longest ago are forgotten first.
/// </summary>
internal sealed partial class RemoteListeners(AccountDirectory directory, Router router, OutgoingQuestions questions, ILogger<RemoteListeners> log)
{
    /// <summary>Resources that are remembered.</summary>
    public const int Max = 100_000;

    /// <summary>Of one address elsewhere.</summary>
    public const int MaxResources = 20;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<Listener>> _byAddress = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = [];
    private readonly GenerationCache<string, FrozenSet<string>> _verified = new(200_000, interests => interests.Count + 4);
    private int _count;

    /// <summary>Told of a resource that wants events it did not want, or was not there, before: whose, where it is, and of which nodes.</summary>
    public Func<Account, Jid, IReadOnlyCollection<string>, ValueTask> Begun { get; set; } = static (_, _, _) => default;

    /// <summary>A presence came from another server.</summary>
    public void Take(Jid from, Element presence, Jid to)
    {
        if (from.Resource is null)
        {
            return;
        }

        if (presence["type"] is not null)
        {
            Forget(from, to.BareText);
        }
        else if (Payload.Read(presence) is { } caps && caps.Version.Length <= 512 && caps.Node.Length <= 512)
        {
            _ = Meet(from, caps, to.Bare);
        }
    }

    /// <summary>Sends an event to the resources of a contact that want it.</summary>
    public void Send(Account owner, Jid contact, string node, Func<PreparedStanza> stanza)
    {
        foreach (var listener in Of(contact))
        {
            if (listener.Interests.Contains(node) && listener.Owners.Contains(owner.Jid.Text))
            {
                router.To(listener.Jid).Send(stanza(), listener.Jid);
            }
        }
    }

    /// <summary>A contact elsewhere begins to see this account.</summary>
    public void Show(Account owner, Jid contact)
    {
        foreach (var listener in Of(contact).Where(listener => listener.Owners.Contains(owner.Jid.Text)))
        {
            _ = Tell(owner.Jid, listener.Jid, listener.Interests).AsTask();
        }
    }

    /// <summary>Whether a resource of this address hears of the node without having subscribed to it.</summary>
    public bool Hears(Account owner, Jid address, string node) =>
        Of(address).Any(listener => listener.Owners.Contains(owner.Jid.Text) && listener.Interests.Contains(node));

    private ImmutableArray<Listener> Of(Jid address)
    {
        lock (_gate)
        {
            return _byAddress.TryGetValue(address.BareText, out var listeners) ? listeners : [];
        }
    }

    // Strangers get no events: there is no use in knowing of them.
    private async Task Meet(Jid from, CapsAnnouncement caps, Jid to)
    {
        try
        {
            if (await directory.Find(to) is not { } account || account.Roster.Find(from) is not { Subscription: not Subscription.None } || account.Blocks(from))
            {
                return;
            }

            if (caps.Hash == "sha-1" && _verified.TryGet(caps.Version, out var known))
            {
                await Remember(from, to, caps, known);
            }
            else if (!IsKnown(from, to, caps))
            {
                var question = new Element("query", Ns.DiscoInfo).Set("node", caps.DiscoNode);
                await Learn(from, to, caps, await questions.Ask(to, from, "get", question, AnswerTimeout));
            }
        }
        catch (TimeoutException)
        {
            // It may say again what it is.
        }
#pragma warning disable CA1031 // Nobody waits for this; a fault is logged and ends nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotMet(log, from.Text, fault);
        }
    }

    private async ValueTask Learn(Jid from, Jid to, CapsAnnouncement caps, Element answer)
    {
        if (answer["type"] != "result" || answer.Child("query", Ns.DiscoInfo) is not { } query || DiscoInfo.Read(query) is not { } info)
        {
            return;
        }

        var interests = Xep0115EntityCapabilities.Interests(info);
        if (Payload.Confirms(caps, info))
        {
            _verified.Set(caps.Version, interests);
        }

        await Remember(from, to, caps, interests);
    }

    private bool IsKnown(Jid from, Jid to, CapsAnnouncement caps) =>
        Of(from).Any(listener => listener.Jid == from && listener.Caps == caps && listener.Owners.Contains(to.Text));

    private ValueTask Remember(Jid from, Jid owner, CapsAnnouncement caps, FrozenSet<string> interests)
    {
        Listener? before;
        lock (_gate)
        {
            var listeners = _byAddress.GetValueOrDefault(from.BareText, []);
            before = listeners.FirstOrDefault(listener => listener.Jid == from);
            var owners = (before?.Owners ?? []).Add(owner.Text);
            if (interests.Count == 0)
            {
                Put(from, before is null ? listeners : listeners.Remove(before));
                return default;
            }

            var after = new Listener(from, caps, interests, owners);
            Put(from, before is not null ? listeners.Replace(before, after) : listeners.Length < MaxResources ? listeners.Add(after) : listeners);
        }

        string[] added = before is not null && before.Owners.Contains(owner.Text) ? [.. interests.Except(before.Interests)] : [.. interests];
        return added.Length > 0 ? Tell(owner, from, added) : default;
    }

    private async ValueTask Tell(Jid owner, Jid listener, IReadOnlyCollection<string> interests)
    {
        if (await directory.Find(owner) is { } account && account.Roster.Find(listener) is { SeesUs: true } && !account.Blocks(listener))
        {
            await Begun(account, listener, interests);
        }
    }

    private void Forget(Jid from, string owner)
    {
        lock (_gate)
        {
            var listeners = _byAddress.GetValueOrDefault(from.BareText, []);
            if (listeners.FirstOrDefault(listener => listener.Jid == from) is { } known)
            {
                var owners = known.Owners.Remove(owner);
                Put(from, owners.IsEmpty ? listeners.Remove(known) : listeners.Replace(known, known with { Owners = owners }));
            }
        }
    }

    // Under the gate.
    private void Put(Jid from, ImmutableArray<Listener> listeners)
    {
        var address = from.BareText;
        var isNew = !_byAddress.TryGetValue(address, out var before);
        _count += listeners.Length - (isNew ? 0 : before.Length);
        if (listeners.IsEmpty)
        {
            _byAddress.Remove(address);
            return;
        }

        _byAddress[address] = listeners;
        if (isNew)
        {
            _byAge.Enqueue(address);
        }

        while ((_count > Max || _byAge.Count > 2 * Max) && _byAge.TryDequeue(out var oldest))
        {
            if (oldest != address && _byAddress.Remove(oldest, out var forgotten))
            {
                _count -= forgotten.Length;
            }
        }
    }

    /// <param name="Owners">Bare addresses of ours that it is present to.</param>
    private sealed record Listener(Jid Jid, CapsAnnouncement Caps, FrozenSet<string> Interests, ImmutableHashSet<string> Owners);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "What {Resource} wants to be notified of could not be found out")]
        public static partial void NotMet(ILogger logger, string resource, Exception exception);
    }
}
