using System.Collections.Concurrent;
using System.Collections.Immutable;
using Likeness.Stores;

namespace Likeness.Xmpp.Server.Accounts;

/// <summary>Finds local accounts, loading what is not in memory; one load per account at a time.</summary>
public sealed class AccountDirectory(IStores stores, PortraitBook book, DomainPolicies domains)
{
    private const int MaxOfflineAccounts = 100_000;
    private readonly ConcurrentDictionary<string, Lazy<Task<Account?>>> _accounts = new(StringComparer.Ordinal);

    /// <summary>Accounts in memory now.</summary>
    public IEnumerable<Account> Loaded =>
        _accounts.Values.Where(load => load.IsValueCreated && load.Value.IsCompletedSuccessfully)
            .Select(load => load.Value.Result).OfType<Account>();

    /// <summary>Null: not a local address, or no such account.</summary>
    public ValueTask<Account?> Find(Jid jid)
    {
        if (jid.Local is null || !domains.Serves(jid.Domain))
        {
            return new((Account?)null);
        }

        if (_accounts.TryGetValue(jid.BareText, out var known) && known.Value.IsCompletedSuccessfully)
        {
            return new(known.Value.Result);
        }

        return Load(jid.Bare);
    }

    /// <summary>The account when it is in memory, as every account with sessions is; else null.</summary>
    public Account? FindLoaded(string bareText) =>
        _accounts.TryGetValue(bareText, out var known) && known.IsValueCreated && known.Value.IsCompletedSuccessfully
            ? known.Value.Result
            : null;

    /// <summary>The account was removed or must be read again.</summary>
    public void Forget(Jid jid)
    {
        if (_accounts.TryRemove(jid.BareText, out var load) && load.IsValueCreated && load.Value.IsCompletedSuccessfully && load.Value.Result is { } account)
        {
            account.Retired = true;
        }
    }

    private async ValueTask<Account?> Load(Jid bare)
    {
        var load = _accounts.GetOrAdd(bare.Text, _ => new Lazy<Task<Account?>>(() => Read(bare)));
        Account? account = null;
        try
        {
            account = await load.Value;
        }
        finally
        {
            if (account is null)
            {
                _accounts.TryRemove(KeyValuePair.Create(bare.Text, load));
            }
        }

        if (account is not null)
        {
            // The portrait may have changed between its reading and the moment its listener could find this account.
            account.Update(await book.Find(account.Identity));
        }

        if (_accounts.Count > MaxOfflineAccounts)
        {
            ForgetOffline();
        }

        return account;
    }

    private async Task<Account?> Read(Jid bare)
    {
        var identity = new Identity(bare.Text);
        if (await stores.Accounts.Find(identity) is null)
        {
            return null;
        }

        var roster = new Roster(await stores.Rosters.Load(identity));
        var blocklist = await stores.Documents.Find(identity, "blocklist", "");
        var portrait = await book.Find(identity);
        return new Account(bare, roster, ParseBlocklist(blocklist?.Content), portrait);
    }

    private static ImmutableArray<Jid> ParseBlocklist(string? lines) =>
        lines is null ? [] : [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Jid.Parse)];

    private void ForgetOffline()
    {
        foreach (var account in Loaded.Where(account => account.Sessions.IsEmpty).Take(MaxOfflineAccounts / 4).ToArray())
        {
            lock (account.Gate)
            {
                if (account.Sessions.IsEmpty)
                {
                    Forget(account.Jid);
                }
            }
        }
    }
}
