using System.Buffers;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Import;

/// <summary>
/// What another server kept of a person (XEP-0227) is taken in as if the person's own client said it: the same handlers, gates and limits. What
/// they refuse is told, and the rest is taken. How far an import came is kept with the account, so that it goes on where it ended.
/// </summary>
public sealed class AccountImport
{
    /// <summary>By which a document of an account says how far its import came.</summary>
    public const string Kind = "import";

    /// <summary>Messages taken at once.</summary>
    public const int MaxMessages = 500;

    // Where a message that waited may be in the archive.
    private const int MaxLookedThrough = 200;
    private const long MaxLookedBytes = 4 * 1024 * 1024;
    private readonly AccountDirectory _directory;
    private readonly FeatureRegistry _registry;
    private readonly RosterChanges _rosters;
    private readonly NodeImport _nodes;
    private readonly Archives _archives;
    private readonly IStores _stores;
    private readonly XmppServerOptions _options;
    private readonly TimeProvider _time;

    internal AccountImport(
        AccountDirectory directory, FeatureRegistry registry, RosterChanges rosters, AccountNodes nodes, Archives archives, IStores stores, XmppServerOptions options, TimeProvider time)
    {
        (_directory, _registry, _rosters, _nodes) = (directory, registry, rosters, new NodeImport(nodes));
        (_archives, _stores, _options, _time) = (archives, stores, options, time);
    }

    /// <summary>How far the import of an account came; null: it was not imported.</summary>
    public async ValueTask<ImportState?> State(Identity account, CancellationToken cancellationToken = default) =>
        await _stores.Documents.Find(account, Kind, "", cancellationToken) is { Content: { } text } ? ImportState.Parse(text) : null;

    /// <summary>Takes one child of a person's element.</summary>
    /// <returns>How much was taken, and what was not.</returns>
    /// <exception cref="StanzaErrorException">There is no such account.</exception>
    public async ValueTask<ImportedPart> Take(Identity person, Element part)
    {
        var account = await Account(person);
        var refused = new List<string>();
        var taken = (part.Name, part.Namespace) switch
        {
            ("query", Ns.Roster) => await TakeRoster(account, part, refused),
            ("presence", _) => await TakeRequest(account, part, refused),
            ("vCard", Ns.VCard) => await Set(account, part, refused),
            ("query", Ns.PrivateStorage) => await TakePrivate(account, part, refused),
            ("query", "jabber:iq:privacy") => await TakeBlocked(account, Denied(part), refused),
            ("blocklist", Ns.Blocking) => await TakeBlocked(account, part.Select(item => item["jid"]), refused),
            ("pubsub", Ns.PubSubOwner) => await _nodes.TakeConfigurations(account, part, refused),
            ("pubsub", Ns.PubSub) => await _nodes.TakeItems(account, part, refused),
            _ => Unknown(part, refused),
        };
        return new ImportedPart(taken, refused);
    }

    /// <summary>How much there is to be taken of such a part, as far as can be said without taking it.</summary>
    public static ImportedPart Look(Element part)
    {
        var refused = new List<string>();
        var found = (part.Name, part.Namespace) switch
        {
            ("presence", _) or ("vCard", Ns.VCard) => 1,
            ("query", Ns.Roster) or ("query", Ns.PrivateStorage) or ("blocklist", Ns.Blocking) => part.Count(),
            ("query", "jabber:iq:privacy") => Denied(part).Count(),
            ("pubsub", Ns.PubSubOwner) => part.Count(child => child.Name == "configure"),
            ("pubsub", Ns.PubSub) => part.Where(child => child.Name == "items").Sum(items => items.Count()),
            _ => Unknown(part, refused),
        };
        return new ImportedPart(found, refused);
    }

    /// <summary>Everything but the messages was taken.</summary>
    public async ValueTask Settle(Identity person)
    {
        var state = await State(person) ?? new ImportState();
        await Save(person, state with { IsSettled = true });
    }

    /// <summary>Takes messages that were said before, the oldest first.</summary>
    /// <param name="position">How many of the person's were handed over before these.</param>
    /// <param name="results">Elements <c>result</c> of XEP-0313; at most <see cref="MaxMessages"/>.</param>
    public async ValueTask<ImportedPart> TakeArchive(Identity person, long position, IReadOnlyList<Element> results)
    {
        var account = await Account(person);
        var state = await State(person) ?? throw new StanzaErrorException(StanzaCondition.NotAllowed, "The account was not imported.");
        if (!_archives.IsOn)
        {
            return new ImportedPart(0, ["Nothing is archived here."], IsOver: true);
        }

        var archive = await _archives.Of(account);
        if (position != state.Archived || archive.Last != state.Last)
        {
            return new ImportedPart(0, ["The archive has messages that were not imported; older ones cannot come behind them."], IsOver: true);
        }

        var refused = new List<string>();
        var added = results.Select(result => Said(account, result, refused)).OfType<SaidElsewhere>().ToArray();
        var isAdded = await _archives.Import(archive, state.Last, added);
        if (!isAdded)
        {
            return new ImportedPart(0, ["The archive got messages meanwhile; older ones cannot come behind them."], IsOver: true);
        }

        await Save(person, state with { Archived = position + results.Count, Last = state.Last + added.Length });
        return new ImportedPart(added.Length, refused);
    }

    /// <summary>Takes messages that wait for the person, the oldest first.</summary>
    /// <inheritdoc cref="TakeArchive"/>
    public async ValueTask<ImportedPart> TakeWaiting(Identity person, long position, IReadOnlyList<Element> messages)
    {
        var account = await Account(person);
        var state = await State(person) ?? throw new StanzaErrorException(StanzaCondition.NotAllowed, "The account was not imported.");
        if (position != state.Waiting)
        {
            return new ImportedPart(0, [], IsOver: true);
        }

        var (taken, refused) = (0, new List<string>());
        foreach (var message in messages)
        {
            if (!Jid.TryParse(message["from"], out var from) || message is not { Name: "message", Namespace: Ns.Client } || message["type"] is "error" or "groupchat")
            {
                refused.Add("What waits is no message of somebody.");
                continue;
            }

            var kept = await WithId(account, message, from);
            var received = Xep0203DelayedDelivery.Read(message) ?? _time.GetUtcNow();
            if (await _stores.Offline.Add(account.Identity, new OfflineMessage(0, received, kept.ToString()), _options.MaxOfflineMessages, _options.MaxOfflineBytes))
            {
                taken++;
            }
            else
            {
                refused.Add("More messages wait than may.");
            }
        }

        await Save(person, state with { Waiting = position + messages.Count });
        return new ImportedPart(taken, refused);
    }

    private async ValueTask<Account> Account(Identity person) =>
        await _directory.Find(Jid.Parse(person.Value)) ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound, $"There is no account {person}.");

    private ValueTask Save(Identity person, ImportState state) => _stores.Documents.Save(new AccountDocument(person, Kind, "", state.ToString()));

    private async ValueTask<int> Set(Account account, Element payload, List<string> refused)
    {
        var iq = new Element("iq", Ns.Client).Set("type", "set").Set("id", StanzaId.New()).Set("from", account.Jid.Text).Add(payload);
        try
        {
            await _registry.HandlerFor(account: true, "set", payload)!(new IqRequest(iq, payload, new ServerSender(account.Jid), account));
            return 1;
        }
        catch (StanzaErrorException refusal)
        {
            refused.Add($"{payload.FirstChild()?.Name ?? payload.Name}: {refusal.Message}");
            return 0;
        }
    }

    private async ValueTask<int> TakeRoster(Account account, Element roster, List<string> refused)
    {
        var taken = 0;
        foreach (var item in roster.Where(child => child.Name == "item"))
        {
            if (!Jid.TryParse(item["jid"], out var contact) || contact.Bare == account.Jid)
            {
                refused.Add($"The contact '{item["jid"]}' has no address of somebody else.");
                continue;
            }

            if (item["subscription"] == "remove")
            {
                continue;
            }

            try
            {
                await _rosters.Apply(account, contact.Bare, before => (before ?? new RosterItem { Contact = contact.Bare }) with
                {
                    Name = string.IsNullOrEmpty(item["name"]) ? null : item["name"],
                    Groups = [.. item.Where(child => child.Name == "group").Select(group => group.Text()).Where(group => group.Length > 0).Distinct(StringComparer.Ordinal)],
                    Subscription = item["subscription"] switch { "both" => Subscription.Both, "to" => Subscription.To, "from" => Subscription.From, _ => Subscription.None },
                    Asking = item["ask"] == "subscribe",
                    Approved = item["approved"] is "true" or "1",
                    Listed = true,
                });
                taken++;
            }
            catch (StanzaErrorException refusal)
            {
                refused.Add($"The contact {contact.BareText}: {refusal.Message}");
            }
        }

        return taken;
    }

    private async ValueTask<int> TakeRequest(Account account, Element presence, List<string> refused)
    {
        if (presence["type"] != "subscribe" || !Jid.TryParse(presence["from"], out var from) || from.Bare == account.Jid)
        {
            refused.Add("A presence that is no request of somebody.");
            return 0;
        }

        var contact = from.Bare;
        var request = SubscriptionRequest.Bounded(presence.Renamed(Ns.Client).Set("from", contact.Text).Set("to", account.Jid.Text));
        await _rosters.Apply(account, contact, before => before is { SeesUs: true } or { PendingIn: not null }
            ? before
            : SubscriptionRequest.ToKeep(request, account.Roster.Size, _options) is { } kept
                ? (before ?? new RosterItem { Contact = contact, Listed = false }) with { PendingIn = kept }
                : before);
        return account.Roster.Find(contact) is { PendingIn: not null } ? 1 : 0;
    }

    // One by one: what is refused does not take the others along.
    private async ValueTask<int> TakePrivate(Account account, Element query, List<string> refused)
    {
        var taken = 0;
        foreach (var child in query)
        {
            taken += await Set(account, new Element("query", Ns.PrivateStorage).Add(child), refused);
        }

        return taken;
    }

    private async ValueTask<int> TakeBlocked(Account account, IEnumerable<string?> addresses, List<string> refused)
    {
        var block = new Element("block", Ns.Blocking);
        var count = 0;
        foreach (var address in addresses)
        {
            if (Jid.TryParse(address, out var jid))
            {
                block.Add(new Element("item", Ns.Blocking).Set("jid", jid.Text));
                count++;
            }
            else
            {
                refused.Add($"'{address}' is blocked and no address.");
            }
        }

        return count > 0 && await Set(account, block, refused) == 1 ? count : 0;
    }

    // Of the lists of XEP-0016 the one in force, and of it what a blocklist can say.
    private static IEnumerable<string?> Denied(Element privacy)
    {
        var name = privacy.Child("default")?["name"];
        var list = privacy.Where(child => child.Name == "list").FirstOrDefault(list => name is null || list["name"] == name);
        return list is null ? [] : list
            .Where(item => item.Name == "item" && item["action"] == "deny" && item["type"] == "jid" && (item.FirstChild() is null || item.Child("message") is not null))
            .Select(item => item["value"]);
    }

    private static int Unknown(Element part, List<string> refused)
    {
        refused.Add($"<{part.Name} xmlns='{part.Namespace}'/> is nothing that is known here.");
        return 0;
    }

    private SaidElsewhere? Said(Account account, Element result, List<string> refused)
    {
        var forwarded = result.Child("forwarded", Ns.Forward);
        if (forwarded?.Child("message", Ns.Client) is not { } message
            || Xep0203DelayedDelivery.Read(forwarded) is not { } sent
            || !Jid.TryParse(message["from"], out var from)
            || !Jid.TryParse(message["to"] ?? account.Jid.Text, out var to)
            || !(from.Bare == account.Jid || to.Bare == account.Jid)
            || message["type"] is "groupchat")
        {
            refused.Add("A message without time or address, or of a room.");
            return null;
        }

        if (sent < _archives.OldestOf(account))
        {
            refused.Add("A message is older than messages are kept here (archive-days).");
            return null;
        }

        var copy = WithoutIds(account, message);
        var output = new ArrayBufferWriter<byte>(512);
        ElementWriter.WriteAlone(output, copy);
        var other = from.Bare == account.Jid ? to : from;
        var now = _time.GetUtcNow();
        return new SaidElsewhere(sent < now ? sent : now, other.BareText, other.Resource, output.WrittenSpan.ToArray());
    }

    // What the old server said in its own name: its archive is not this one.
    private static Element WithoutIds(Account account, Element message)
    {
        var copy = message.Copy();
        foreach (var child in message)
        {
            var isId = child.Is("stanza-id", Ns.StanzaIds) && Jid.TryParse(child["by"], out var by) && by.Bare == account.Jid;
            if (isId || child.Is("archived", "urn:xmpp:mam:tmp"))
            {
                copy.Remove(child);
            }
        }

        return copy;
    }

    // What is in the archive, too, says so: clients that look there show it once.
    private async ValueTask<Element> WithId(Account account, Element message, Jid from)
    {
        var kept = WithoutIds(account, message);
        if (message["id"] is not { } id || !_archives.IsOn)
        {
            return kept;
        }

        var archive = await _archives.Of(account);
        var last = await _archives.Read(archive, new ArchiveFilter { Peer = from.BareText }, isBackwards: true, MaxLookedThrough, MaxLookedBytes);
        foreach (var one in last.Messages)
        {
            var said = XmlStreamReader.ParseElement(one.Stanza);
            if (said["id"] == id && said.Child("body")?.Text() == message.Child("body")?.Text())
            {
                return kept.Add(new Element("stanza-id", Ns.StanzaIds).Set("id", _archives.IdOf(archive, one.Number)).Set("by", account.Jid.Text));
            }
        }

        return kept;
    }
}

/// <summary>What became of a part of an import.</summary>
/// <param name="Taken">How many contacts, items, or whatever it consists of.</param>
/// <param name="Refused">A line for each that was not, saying why.</param>
/// <param name="IsOver">No more of its kind will be taken.</param>
public sealed record ImportedPart(int Taken, IReadOnlyList<string> Refused, bool IsOver = false);

/// <summary>How far the import of an account came.</summary>
public sealed record ImportState
{
    /// <summary>Everything but messages was taken.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Messages of the old archive that were handed over.</summary>
    public long Archived { get; init; }

    /// <summary>Number of the last one in the archive.</summary>
    public long Last { get; init; }

    /// <summary>Messages that waited and were handed over.</summary>
    public long Waiting { get; init; }

    public override string ToString() => FormattableString.Invariant($"{(IsSettled ? 1 : 0)} {Archived} {Last} {Waiting}");

    /// <summary>The way back from <see cref="ToString"/>.</summary>
    public static ImportState Parse(string text)
    {
        var numbers = text.Split(' ').Select(number => long.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return new ImportState { IsSettled = numbers[0] == 1, Archived = numbers[1], Last = numbers[2], Waiting = numbers[3] };
    }
}
