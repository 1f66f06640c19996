using Likeness.Accounts;
using Likeness.Beside.Accounts;
using Likeness.Beside.Connections;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Beside.Mirroring;

/// <summary>Which accounts there are: from the server where it tells them, else from its operator. Who is missing twice in a row is gone.</summary>
internal sealed partial class AccountLists(BesideOptions options, ComponentLink link, EjabberdApi? api, PortraitBook book, IBesideStore store, TimeProvider time, ILogger log, AccountBook? accounts = null)
{
    /// <summary>Accounts of one list.</summary>
    public const int MaxAccounts = 1_000_000;

    // What prosodyctl says below its list.
    private const string EndOfList = "OK: ";
    private const int PageSize = 500;
    private const int MissesUntilGone = 2;
    private const string ListCommand = "http://jabber.org/protocol/admin#get-registered-users-list";
    private static readonly TimeSpan DropInterval = TimeSpan.FromHours(1);
    private DateTimeOffset _refreshed;
    private DateTimeOffset _dropped;
    private bool _isComplete;

    /// <summary>There is a new connection: what the server did not tell before it may tell now.</summary>
    public void AskAgain() => _refreshed = _isComplete ? _refreshed : default;

    /// <summary>Asks the server for its accounts, once in a sweep.</summary>
    public async Task Refresh(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _refreshed < options.Sweep)
        {
            return;
        }

        (_refreshed, _isComplete) = (time.GetUtcNow(), false);
        var all = new List<string>();
        foreach (var domain in options.Domains)
        {
            var names = await ByApi(domain, cancellationToken) ?? await ByCommand(domain, cancellationToken);
            if (names is null)
            {
                // Some domains tell nothing: then a list would not be complete.
                await Learn(all, cancellationToken);
                return;
            }

            all.AddRange(names);
        }

        _isComplete = true;
        await Take(all, isComplete: true, cancellationToken);
    }

    /// <summary>These are the accounts; names without domain are of the only one there is.</summary>
    public async Task<AccountListResult> Take(IReadOnlyList<string> accounts, bool isComplete, CancellationToken cancellationToken)
    {
        var listed = new HashSet<Identity>();
        foreach (var text in accounts.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#' && !line.StartsWith(EndOfList, StringComparison.Ordinal)))
        {
            var name = text.Contains('@', StringComparison.Ordinal) ? text : $"{text}@{options.Domains[0]}";
            if (!Jid.TryParse(name, out var jid) || jid.Local is null || !options.Domains.Contains(jid.Domain))
            {
                throw new AccountListRefusedException($"'{text}' is no account of {string.Join(", ", options.Domains)}; nothing was changed.");
            }

            listed.Add(new Identity(jid.BareText));
            if (listed.Count > MaxAccounts)
            {
                throw new AccountListRefusedException($"The list has more than {MaxAccounts} accounts; nothing was changed.");
            }
        }

        var missing = await Missing(listed, cancellationToken);
        var known = missing.Known;
        if (missing.Accounts.Count * 5 > known)
        {
            throw new AccountListRefusedException($"The list has {listed.Count} accounts, and {missing.Accounts.Count} of the {known} known ones are missing: that is too many to be true, and nothing was changed.");
        }

        var learnt = await Learn([.. listed.Select(account => account.Value)], cancellationToken);
        var gone = isComplete ? await Miss(missing.Accounts, cancellationToken) : 0;
        return new AccountListResult(listed.Count, learnt, missing.Accounts.Count, gone);
    }

    /// <summary>Deletes the portraits of those who are gone for long enough.</summary>
    public async Task DropGone(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _dropped < DropInterval)
        {
            return;
        }

        _dropped = time.GetUtcNow();
        await foreach (var known in All(cancellationToken))
        {
            if (known.Gone is { } since && time.GetUtcNow() - since >= options.KeepGone)
            {
                if (await HasOnlyTheirs(known.Account, cancellationToken))
                {
                    await accounts!.Close(known.Account, cancellationToken);
                }

                await book.Remove(known.Account, cancellationToken);
                await store.Remove(known.Account, cancellationToken);
                Log.Deleted(log, known.Account.Value);
            }
        }
    }

    // Whoever signed in on the pages by the password of the chats.
    private async Task<bool> HasOnlyTheirs(Identity account, CancellationToken cancellationToken) =>
        accounts is not null && await accounts.FindKeys(account, cancellationToken) is { Hashes: ScramHashes.None };

    private async Task<int> Learn(IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        var learnt = 0;
        foreach (var page in accounts.Chunk(PageSize))
        {
            learnt += await store.Learn(options.Name, [.. page.Select(account => new Identity(account))], cancellationToken);
        }

        return learnt;
    }

    private async Task<(List<BesideAccount> Accounts, int Known)> Missing(HashSet<Identity> listed, CancellationToken cancellationToken)
    {
        var missing = new List<BesideAccount>();
        var known = 0;
        await foreach (var account in All(cancellationToken))
        {
            if (account.State == BesideState.Gone && !listed.Contains(account.Account))
            {
                continue;
            }

            known++;
            if (!listed.Contains(account.Account))
            {
                missing.Add(account);
            }
            else if (account.Missed > 0 || account.Gone is not null)
            {
                await store.Save(account with { Missed = 0, Gone = null, State = BesideState.New, Seen = null, Visibility = null, Checked = default }, cancellationToken);
            }
        }

        return (missing, known);
    }

    private async Task<int> Miss(List<BesideAccount> missing, CancellationToken cancellationToken)
    {
        var gone = 0;
        foreach (var account in missing)
        {
            var isGone = account.Missed + 1 >= MissesUntilGone;
            await store.Save(
                account with { Missed = account.Missed + 1, State = isGone ? BesideState.Gone : account.State, Gone = isGone ? time.GetUtcNow() : null },
                cancellationToken);
            if (isGone)
            {
                await book.SetVisibility(account.Account, Visibility.Nobody, new Cause(Origin.Beside, $"beside {options.Name}"), cancellationToken: cancellationToken);
                if (await HasOnlyTheirs(account.Account, cancellationToken))
                {
                    // Whoever has the name next is not let in to what this one left; the operator says when it is the same person.
                    await accounts!.Disable(account.Account, "not on the chat server any more", $"beside {options.Name}", cancellationToken);
                }

                Log.Gone(log, account.Account.Value);
                gone++;
            }
        }

        return gone;
    }

    /// <summary>Everybody who is known, by name.</summary>
    public async IAsyncEnumerable<BesideAccount> All([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Identity? after = null;
        while (true)
        {
            var page = await store.Page(options.Name, after, PageSize, cancellationToken);
            foreach (var account in page)
            {
                yield return account;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = page[^1].Account;
        }
    }

    private async Task<IReadOnlyList<string>?> ByApi(string domain, CancellationToken cancellationToken) =>
        api is not null && await api.RegisteredUsers(domain, cancellationToken) is { } names ? [.. names.Select(name => $"{name}@{domain}")] : null;

    // XEP-0133 §4.20, as ejabberd serves it to whom its rule "configure" names.
    private async Task<IReadOnlyList<string>?> ByCommand(string domain, CancellationToken cancellationToken)
    {
        var begin = new Element("command", Ns.Commands).Set("node", ListCommand).Set("action", "execute");
        if (await Command(domain, begin, cancellationToken) is not { } asked || asked["sessionid"] is not { } session)
        {
            return null;
        }

        if (asked["status"] == "executing")
        {
            var form = DataForm.Find(asked);
            var answers = new DataForm("submit", form?.FormType, [.. (form?.Fields ?? []).Where(field => field.Variable.Length > 0).Select(field => FormField.Of(field.Variable, field.Options is [.., var most] ? most : field.Value ?? "none"))]);
            var submit = new Element("command", Ns.Commands).Set("node", ListCommand).Set("sessionid", session).Add(answers.ToElement());
            asked = await Command(domain, submit, cancellationToken);
        }

        return asked is not null && DataForm.Find(asked)?.Field("registereduserjids") is { } jids ? jids.Values : null;
    }

    private async Task<Element?> Command(string domain, Element command, CancellationToken cancellationToken)
    {
        var answer = await link.Ask(new Element("iq", Ns.Client).Set("type", "set").Set("to", domain).Add(command), cancellationToken: cancellationToken);
        return answer?["type"] == "result" ? answer.Child("command", Ns.Commands) : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Account} is not on its chat server any more: the portrait is hidden")]
        public static partial void Gone(ILogger logger, string account);

        [LoggerMessage(2, LogLevel.Information, "{Account} is gone from its chat server for long: the portrait is deleted")]
        public static partial void Deleted(ILogger logger, string account);
    }
}
