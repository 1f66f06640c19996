using System.Collections.Concurrent;
using System.Collections.Immutable;
using Likeness.Stores;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>
/// Finds local accounts, loading what is not in memory. Of one person there is never a second account in memory: what somebody
/// still holds is found again, and only what nobody holds any more is read anew. An account with sessions is held by them.
/// </summary>
internal sealed class AccountDirectory(IStores stores, PortraitBook book, DomainPolicies domains, XmppServerOptions options)
{
    private const int MinSweep = 1024;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _closing = new(StringComparer.Ordinal);
    private readonly RecentAccounts _recent = new(options.MaxRecentAccounts, options.MaxRecentAccountBytes);
    private int _readSinceSweep;
    private int _sweepAt = MinSweep;

    /// <summary>Accounts in memory now.</summary>
    internal IEnumerable<Account> Loaded => _entries.Values.Select(entry => entry.Account).OfType<Account>();

    /// <summary>Null: not a local address, or no such account.</summary>
    public ValueTask<Account?> Find(Jid jid)
    {
        if (jid.Local is null || !domains.ServesChats(jid.Domain))
        {
            return new((Account?)null);
        }

        return FindLoaded(jid.BareText) is { } account ? new(account) : Load(jid.Bare);
    }

    /// <summary>The account when it is in memory, as every account with sessions is; else null.</summary>
    public Account? FindLoaded(string bareText)
    {
        if (!_entries.TryGetValue(bareText, out var entry) || entry.Account is not { } account)
        {
            return null;
        }

        if (!account.WasUsed)
        {
            account.WasUsed = true;
        }

        return account;
    }

    /// <summary>The stored account is another one than in memory: it is read again. Whoever holds the old one must let go.</summary>
    public void Forget(Jid jid)
    {
        if (_entries.TryRemove(jid.BareText, out var entry) && entry.Account is { } account)
        {
            Retire(account);
        }
    }

    /// <summary>The account is about to be removed: nobody finds it from now on, until <see cref="Reopen"/>. Null: there is none.</summary>
    public async ValueTask<Account?> Withdraw(Jid jid)
    {
        var account = await Find(jid);
        _closing[jid.BareText] = true;
        if (account is not null)
        {
            Retire(account);
        }

        _entries.TryRemove(jid.BareText, out _);
        return account;
    }

    /// <summary>The name may be an account again.</summary>
    public void Reopen(Jid jid)
    {
        // What was read while it was going.
        Forget(jid);
        _closing.TryRemove(jid.BareText, out _);
    }

    private static void Retire(Account account)
    {
        lock (account.Gate)
        {
            account.Retired = true;
        }
    }

    private async ValueTask<Account?> Load(Jid bare)
    {
        while (!_closing.ContainsKey(bare.Text))
        {
            var entry = _entries.GetOrAdd(bare.Text, static (_, load) => new Entry(load.Directory.Read, load.Bare), (Directory: this, Bare: bare));
            if (entry.Account is { } known)
            {
                return known;
            }

            if (entry.Loading is not { } loading)
            {
                // Nobody held it any more.
                _entries.TryUpdate(bare.Text, new Entry(Read, bare), entry);
                continue;
            }

            if (await Read(bare, entry, loading) is not { } account)
            {
                return null;
            }

            // Forgotten or withdrawn while it was read: then what was read may be old.
            if (_entries.TryUpdate(bare.Text, new Entry(account), entry))
            {
                _recent.Add(account);
                Sweep();
            }

            if (FindLoaded(bare.Text) == account && !_closing.ContainsKey(bare.Text))
            {
                // The portrait may have changed between its reading and the moment its listener could find this account.
                account.Update(await book.Find(account.Identity));
                return account;
            }
        }

        Forget(bare);
        return null;
    }

    private async ValueTask<Account?> Read(Jid bare, Entry entry, Lazy<Task<Account?>> loading)
    {
        Account? account = null;
        try
        {
            return account = await loading.Value;
        }
        finally
        {
            if (account is null)
            {
                _entries.TryRemove(KeyValuePair.Create(bare.Text, entry));
            }
        }
    }

    private async Task<Account?> Read(Jid bare)
    {
        var identity = new Identity(bare.Text);
        if (await stores.Accounts.Find(identity) is not { } record)
        {
            return null;
        }

        var roster = new Roster(await stores.Rosters.Load(identity));
        var blocklist = await stores.Documents.Find(identity, "blocklist", "");
        var portrait = await book.Find(identity);
        return new Account(bare, roster, ParseBlocklist(blocklist?.Content), portrait) { IsDisabled = record.Disabled is not null };
    }

    private static ImmutableArray<Jid> ParseBlocklist(string? lines) =>
        lines is null ? [] : [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Jid.Parse)];

    // Once for as many loads as there were entries: constant for each load.
    private void Sweep()
    {
        if (Interlocked.Increment(ref _readSinceSweep) < Volatile.Read(ref _sweepAt))
        {
            return;
        }

        Volatile.Write(ref _readSinceSweep, 0);
        var alive = 0;
        foreach (var pair in _entries)
        {
            if (pair.Value.IsOver)
            {
                _entries.TryRemove(pair);
            }
            else
            {
                alive++;
            }
        }

        Volatile.Write(ref _sweepAt, Math.Max(MinSweep, alive));
    }

    /// <summary>An account that is being read, or was; then only as long as somebody holds it.</summary>
    private sealed class Entry
    {
        private readonly WeakReference<Account>? _account;

        public Entry(Func<Jid, Task<Account?>> read, Jid bare) => Loading = new Lazy<Task<Account?>>(() => read(bare));

        public Entry(Account account) => _account = new WeakReference<Account>(account);

        public Lazy<Task<Account?>>? Loading { get; }

        public Account? Account => _account is not null && _account.TryGetTarget(out var account) ? account : null;

        public bool IsOver => Loading is null && Account is null;
    }

    /// <summary>Keeps accounts in memory that were used lately, online or not, up to a number and a weight: the second chance of a clock.</summary>
    private sealed class RecentAccounts(int maxAccounts, long maxBytes)
    {
        private readonly Queue<(Account Account, long Bytes)> _kept = new();
        private readonly Lock _lock = new();
        private long _bytes;

        public void Add(Account account)
        {
            var bytes = account.EstimateBytes();
            lock (_lock)
            {
                _kept.Enqueue((account, bytes));
                _bytes += bytes;
                while (_kept.Count > maxAccounts || (_bytes > maxBytes && _kept.Count > 1))
                {
                    var oldest = _kept.Dequeue();
                    if (oldest.Account is { WasUsed: true, Retired: false })
                    {
                        oldest.Account.WasUsed = false;
                        _kept.Enqueue(oldest);
                    }
                    else
                    {
                        _bytes -= oldest.Bytes;
                    }
                }
            }
        }
    }
}
