namespace Likeness.Stores;

/// <summary>Messages that wait for an account to come online (XEP-0160). For an account that is gone every store of accounts keeps nothing and throws <see cref="AccountGoneException"/>.</summary>
public interface IOfflineStore
{
    /// <summary>False, and nothing stored, when the account already keeps <paramref name="limit"/> messages.</summary>
    ValueTask<bool> Add(Identity account, OfflineMessage message, int limit, CancellationToken cancellationToken = default);

    /// <summary>Oldest first; they stay until <see cref="Remove"/>.</summary>
    ValueTask<IReadOnlyList<OfflineMessage>> Load(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Removes the messages up to and including the one numbered <paramref name="lastNumber"/>.</summary>
    ValueTask Remove(Identity account, long lastNumber, CancellationToken cancellationToken = default);
}

/// <summary>A waiting message.</summary>
/// <param name="Number">Given by the store, ascending; ignored when added.</param>
/// <param name="Xml">The message stanza, serialised.</param>
public sealed record OfflineMessage(long Number, DateTimeOffset Received, string Xml);
