using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>
/// Versions of one account's roster (RFC 6121 §2.6): a digest of what is in it, so that a version means the same after a restart, and the last
/// changes, so that a client that missed a few is told these alone. Guarded by the order of the roster's changes.
/// </summary>
internal sealed class RosterVersions
{
    private const int MaxChanges = 100;
    private const int Length = 16;
    private readonly Queue<(string Before, Jid Contact)> _changes = new();
    private byte[]? _digest;

    public string Current(Roster roster) => Convert.ToHexStringLower(_digest ??= roster.Items.Aggregate(new byte[Length], With));

    /// <summary>A contact changed in a way that shows. The version the roster has now.</summary>
    public string Changed(Roster after, RosterChange change, Jid contact)
    {
        // Nobody was told a version before the first one that is known.
        if (_digest is not null)
        {
            _changes.Enqueue((Current(after), contact));
            if (_changes.Count > MaxChanges)
            {
                _changes.Dequeue();
            }

            _digest = With(With(_digest, change.Before), change.After);
        }

        return Current(after);
    }

    /// <summary>The roster was read anew.</summary>
    public void Forget()
    {
        _digest = null;
        _changes.Clear();
    }

    /// <summary>Who changed since that version; null: it is not known any more.</summary>
    public IReadOnlyCollection<Jid>? ChangedSince(string version, Roster roster)
    {
        if (version == Current(roster))
        {
            return [];
        }

        // The roster may have been the same more than once: the last time counts.
        var changes = _changes.ToArray();
        var from = Array.FindLastIndex(changes, change => change.Before == version);
        return from < 0 ? null : [.. changes[from..].Select(change => change.Contact).Distinct()];
    }

    // The digest of all is that of each, added up: their order does not count, and what is added once more is taken away.
    private static byte[] With(byte[] digest, RosterItem? item)
    {
        if (item is not { Listed: true })
        {
            return digest;
        }

        var one = SHA256.HashData(Encoding.UTF8.GetBytes(RosterChanges.ToElement(item).ToString()));
        return [.. digest.Select((value, index) => (byte)(value ^ one[index]))];
    }
}
