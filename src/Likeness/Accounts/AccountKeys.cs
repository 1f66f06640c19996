using System.Collections.Concurrent;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Accounts;

/// <summary>
/// The keys of accounts that somebody tried to log in to lately, and which names are no accounts, so that a login reads nothing from the
/// disk and its time does not tell who exists. On a database that others change, too, nothing is kept: what they took back must not count any more.
/// </summary>
/// <param name="isShared">Others may change the accounts.</param>
internal sealed class AccountKeys(IAccountStore stored, bool isShared)
{
    /// <summary>Bytes that may be kept, estimated.</summary>
    public const long MaxBytes = 2L * 1024 * 1024;

    private readonly GenerationCache<Identity, Known> _known = new(MaxBytes, static known => known.Bytes);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, (ScramHashes Hashes, DateTimeOffset Read)> _hashes = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>How long it is taken for granted that some of a domain lack keys; others complete them, too.</summary>
    private static readonly TimeSpan LackingFor = TimeSpan.FromMinutes(10);

    public ValueTask<AccountRecord?> Find(Identity account, CancellationToken cancellationToken)
    {
        if (isShared)
        {
            return stored.Find(account, cancellationToken);
        }

        return _known.TryGet(account, out var known) ? new(known.Record) : Read(account, cancellationToken);
    }

    /// <summary>The hashes that everybody of a domain has keys of. Only an import makes accounts that lack some.</summary>
    public ValueTask<ScramHashes> Hashes(string domain, DateTimeOffset now, CancellationToken cancellationToken) =>
        _hashes.TryGetValue(domain, out var known) && (known.Hashes == ScramHashes.All || now - known.Read < LackingFor)
            ? new(known.Hashes)
            : ReadHashes(domain, now, cancellationToken);

    public void ForgetHashes(string domain) => _hashes.TryRemove(domain, out _);

    // Where nobody has all keys of one hash, both are offered: some clients get in.
    private async ValueTask<ScramHashes> ReadHashes(string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hashes = await stored.Hashes(domain, cancellationToken) is > ScramHashes.None and var common ? common : ScramHashes.All;
        _hashes[domain] = (hashes, now);
        return hashes;
    }

    /// <summary>The account has changed, or may have.</summary>
    public void Forget(Identity account)
    {
        lock (_gate)
        {
            _changes++;
            _known.Remove(account);
        }
    }

    private async ValueTask<AccountRecord?> Read(Identity account, CancellationToken cancellationToken)
    {
        var seen = Volatile.Read(ref _changes);
        var record = await stored.Find(account, cancellationToken);
        lock (_gate)
        {
            // What was read before a change is not kept behind it.
            if (_changes == seen)
            {
                _known.Set(account, new Known(record, (record is null ? 256 : 1024) + (2 * account.Value.Length)));
            }
        }

        return record;
    }

    private sealed record Known(AccountRecord? Record, long Bytes);
}
