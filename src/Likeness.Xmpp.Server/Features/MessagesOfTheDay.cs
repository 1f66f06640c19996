using System.Collections.Concurrent;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>Messages of the day (XEP-0133 §4.24 to §4.26): everybody of a domain is shown one once, at once or when they come; which one an account was shown is kept with it.</summary>
public sealed class MessagesOfTheDay : IFeature
{
    private const string Kind = "motd";
    private readonly IStores _stores;
    private readonly AccountDirectory _directory;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, MessageOfTheDay?> _known = new(StringComparer.Ordinal);

    internal MessagesOfTheDay(IStores stores, AccountDirectory directory, TimeProvider time) => (_stores, _directory, _time) = (stores, directory, time);

    void IFeature.Register(FeatureRegistry registry) => registry.ReceivesMessages.Add(Show);

    /// <summary>Sets the message of a domain, and shows it to who is there.</summary>
    /// <param name="isEdited">Who was shown the one before is not shown this one.</param>
    public async Task Set(string domain, string? subject, string text, bool isEdited)
    {
        var before = isEdited ? await Of(domain) : null;
        var message = new MessageOfTheDay(domain, before?.Id ?? StanzaId.New(), subject, text, _time.GetUtcNow());
        await _stores.MessagesOfTheDay.Save(message);
        _known[domain] = message;
        foreach (var session in _directory.Loaded.Where(account => account.Jid.Domain == domain).SelectMany(account => account.Sessions))
        {
            if (session is { IsAvailable: true, Priority: >= 0 })
            {
                await Show(session);
            }
        }
    }

    /// <summary>False: there was none.</summary>
    public async Task<bool> Remove(string domain)
    {
        var isRemoved = await _stores.MessagesOfTheDay.Remove(domain);
        _known[domain] = null;
        return isRemoved;
    }

    private async ValueTask<MessageOfTheDay?> Of(string domain) =>
        _known.TryGetValue(domain, out var known) ? known : _known.GetOrAdd(domain, await _stores.MessagesOfTheDay.Find(domain));

    private async ValueTask Show(Session session)
    {
        var account = session.Account;
        if (await Of(account.Jid.Domain) is not { } message || account.StateIfThere<Shown>()?.Id == message.Id)
        {
            return;
        }

        var shown = account.State<Shown>();
        using var turn = await shown.Enter();
        if (shown.Id == message.Id)
        {
            return;
        }

        shown.Id = message.Id;
        if ((await _stores.Documents.Find(account.Identity, Kind, ""))?.Content != message.Id)
        {
            await _stores.Documents.Save(new AccountDocument(account.Identity, Kind, "", message.Id));
            var stanza = new Element("message", Ns.Client).Set("from", account.Jid.Domain).Set("to", session.Jid.Text).Set("id", StanzaId.New());
            session.Send((message.Subject is { } subject ? stanza.Add("subject", subject) : stanza).Add("body", message.Text));
        }
    }

    /// <summary>The message that an account was shown.</summary>
    private sealed class Shown : AsyncLock
    {
        public string? Id { get; set; }
    }
}
