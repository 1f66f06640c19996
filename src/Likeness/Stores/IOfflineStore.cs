namespace Likeness.Stores;

/// <summary>Messages that wait for an account to come online (XEP-0160). For an account that is gone every store of accounts keeps nothing and throws <see cref="AccountGoneException"/>.</summary>
public interface IOfflineStore
{
    /// <summary>False, and nothing stored, when the account would keep more than so many messages or bytes.</summary>
    ValueTask<bool> Add(Identity account, OfflineMessage message, int maxMessages, long maxBytes, CancellationToken cancellationToken = default);

    /// <summary>A page of messages behind a number, oldest first: one at least, and no more than are together so many bytes; empty when none are left. They stay until <see cref="Remove"/>.</summary>
    /// <param name="after">The last number known; 0 for the first page.</param>
    ValueTask<IReadOnlyList<OfflineMessage>> Load(Identity account, long after, long maxBytes, CancellationToken cancellationToken = default);

    /// <summary>Removes the messages up to and including the one numbered <paramref name="lastNumber"/>.</summary>
    ValueTask Remove(Identity account, long lastNumber, CancellationToken cancellationToken = default);
}

/// <summary>A waiting message.</summary>
/// <param name="Number">Given by the store, ascending; ignored when added.</param>
/// <param name="Xml">The message stanza, serialised.</param>
public sealed record OfflineMessage(long Number, DateTimeOffset Received, string Xml);
