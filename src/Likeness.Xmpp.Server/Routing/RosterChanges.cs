using Likeness.Stores;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>A contact before and after a change; null: not there.</summary>
internal readonly record struct RosterChange(RosterItem? Before, RosterItem? After)
{
    public bool SeesUsChanged => (Before?.SeesUs ?? false) != (After?.SeesUs ?? false);

    /// <summary>What the user sees of the contact changed.</summary>
    public bool Shows => !ShowsTheSame(Before, After);

    private static bool ShowsTheSame(RosterItem? before, RosterItem? after) => (before, after) switch
    {
        ({ Listed: true }, { Listed: true }) => before with { PendingIn = null } == after with { PendingIn = null },
        _ => before is not { Listed: true } && after is not { Listed: true },
    };
}

/// <summary>The one way a roster changes: durable first, then in memory, then pushed to the interested resources.</summary>
internal sealed class RosterChanges(IStores stores, XmppServerOptions options)
{
    /// <param name="change">Gets the contact as it is and returns it as it shall be; null removes it, an equal one changes nothing.</param>
    /// <param name="beforePush">Runs once the change is durable and before the push (RFC 6121 §3.1.6).</param>
    public async ValueTask<RosterChange> Apply(
        Account account,
        Jid contact,
        Func<RosterItem?, RosterItem?> change,
        Action<RosterChange>? beforePush = null)
    {
        using var held = await account.State<RosterOrder>().Change.Enter();
        await Settle(account);
        var before = account.Roster.Find(contact);
        var made = new RosterChange(before, change(before));
        DemandRoom(account.Roster, made);
        await Store(account, contact, made);
        beforePush?.Invoke(made);
        if (made.Shows)
        {
            Push(account, contact, made);
        }

        return made;
    }

    /// <summary>The roster item as RFC 6121 §2.1.2 writes it.</summary>
    public static Element ToElement(RosterItem item)
    {
        var element = new Element("item", Ns.Roster)
            .Set("jid", item.Contact.Text)
            .Set("name", item.Name)
            .Set("subscription", NameOf(item.Subscription))
            .Set("ask", item.Asking ? "subscribe" : null)
            .Set("approved", item.Approved ? "true" : null);
        foreach (var group in item.Groups)
        {
            element.Add("group", group);
        }

        return element;
    }

    private static string NameOf(Subscription subscription) => subscription switch
    {
        Subscription.To => "to",
        Subscription.From => "from",
        Subscription.Both => "both",
        _ => "none",
    };

    // Only what the user does makes a listed contact more or longer, so nobody else ever meets this error.
    private void DemandRoom(Roster roster, RosterChange change)
    {
        if (change.After is not { Listed: true } after || change.Before == after)
        {
            return;
        }

        var before = RosterSize.Of(change.Before);
        var grown = RosterSize.Of(after);
        var size = roster.SizeWith(after);
        if (grown.Listed > before.Listed && size.Listed > options.MaxRosterItems)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"A roster holds at most {options.MaxRosterItems} contacts.");
        }

        if (grown.Bytes > before.Bytes && size.Bytes > options.MaxRosterBytes)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"The names and groups of a roster hold at most {options.MaxRosterBytes} bytes.");
        }
    }

    private async ValueTask Store(Account account, Jid contact, RosterChange change)
    {
        if (change.Before == change.After)
        {
            return;
        }

        try
        {
            if (change.After is { } item)
            {
                await stores.Rosters.Save(account.Identity, Roster.ToRecord(item));
            }
            else
            {
                await stores.Rosters.Remove(account.Identity, contact.BareText);
            }
        }
        catch (Exception unknown) when (unknown is not StoreConflictException)
        {
            // It may be stored all the same: what counts is what is read back, now or else before the next change.
            account.State<Doubt>().Contacts.Add(contact);
            await TrySettle(account);
            throw;
        }

        Keep(account, contact, change.After);
    }

    private static void Keep(Account account, Jid contact, RosterItem? item)
    {
        lock (account.Gate)
        {
            if (item is null)
            {
                account.Roster.Remove(contact);
            }
            else
            {
                account.Roster.Put(item);
            }
        }
    }

    private async ValueTask TrySettle(Account account)
    {
        try
        {
            await Settle(account);
        }
#pragma warning disable CA1031 // Why the change failed is told; that it cannot be read back either is the same story.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private async ValueTask Settle(Account account)
    {
        var doubt = account.State<Doubt>();
        if (doubt.Contacts.Count == 0)
        {
            return;
        }

        var stored = new Roster(await stores.Rosters.Load(account.Identity));
        foreach (var contact in doubt.Contacts)
        {
            Keep(account, contact, stored.Find(contact));
        }

        doubt.Contacts.Clear();
        account.State<RosterVersions>().Forget();
    }

    /// <summary>Contacts of whom nobody knows what is stored; looked at in the order of the roster's changes.</summary>
    private sealed class Doubt
    {
        public HashSet<Jid> Contacts { get; } = [];
    }

    /// <summary>The whole roster, or what changed since the version that the client knows: null then, and the changes are pushed to it (RFC 6121 §2.6).</summary>
    public async ValueTask<Element?> Show(IqRequest request)
    {
        // Null: the client knows of no versions.
        var (session, known) = (request.Session!, request.Payload["ver"]);
        var account = session.Account;
        using var held = await account.State<RosterOrder>().Change.Enter();
        session.IsRosterInterested = true;
        var versions = known is null ? null : account.State<RosterVersions>();
        if (versions?.ChangedSince(known!, account.Roster) is { } changed)
        {
            request.Answer();
            foreach (var contact in changed)
            {
                session.SendToFull(PushOf(contact, account.Roster.Find(contact), versions.Current(account.Roster)));
            }

            return null;
        }

        var query = new Element("query", Ns.Roster).Set("ver", versions?.Current(account.Roster));
        foreach (var item in account.Roster.Items)
        {
            if (item.Listed)
            {
                query.Add(ToElement(item));
            }
        }

        return query;
    }

    private static PreparedStanza PushOf(Jid contact, RosterItem? item, string version)
    {
        var shown = item is { Listed: true }
            ? ToElement(item)
            : new Element("item", Ns.Roster).Set("jid", contact.BareText).Set("subscription", "remove");
        return new PreparedStanza(new Element("iq", Ns.Client)
            .Set("type", "set")
            .Set("id", StanzaId.New())
            .Add(new Element("query", Ns.Roster).Set("ver", version).Add(shown)));
    }

    private static void Push(Account account, Jid contact, RosterChange change)
    {
        var version = account.State<RosterVersions>().Changed(account.Roster, change, contact);
        var push = PushOf(contact, change.After, version);
        foreach (var session in account.Sessions)
        {
            if (session.IsRosterInterested)
            {
                session.SendToFull(push);
            }
        }
    }
}

/// <summary>
/// Keeps the changes of one account's roster in order. Two kinds of turn, so that two accounts changing each other never wait in a circle:
/// <see cref="Outbound"/> is held while what the user does is carried out at both ends, and only ever taken first;
/// <see cref="Change"/> is held for one change, and nothing but the store is waited for under it.
/// </summary>
internal sealed class RosterOrder
{
    public AsyncLock Outbound { get; } = new();

    public AsyncLock Change { get; } = new();
}
