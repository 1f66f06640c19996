namespace Likeness.Stores;

/// <summary>Passkeys of people: public halves alone. They go with the account, and stay with another password.</summary>
public interface IPasskeyStore
{
    /// <summary>The passkey with this credential id; null: there is none.</summary>
    ValueTask<Passkey?> Find(byte[] id, CancellationToken cancellationToken = default);

    /// <summary>Whose passkeys have this handle; null: nobody's.</summary>
    ValueTask<Identity?> OwnerOf(string handle, CancellationToken cancellationToken = default);

    /// <summary>All of an account, the first one first.</summary>
    ValueTask<IReadOnlyList<Passkey>> List(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Refused with <see cref="AccountGoneException"/> when the account is not there.</summary>
    /// <param name="said">Goes into the log with it.</param>
    /// <returns>False: the account has so many, or somebody has this credential already.</returns>
    ValueTask<bool> Add(Passkey passkey, int maxPasskeys, AuditEntry said, CancellationToken cancellationToken = default);

    /// <summary>Remembers a use. False: it is gone, or its counter went back meanwhile.</summary>
    /// <param name="counter">What the authenticator counted; one that counts never says the same twice.</param>
    ValueTask<bool> Used(byte[] id, long counter, bool isBackedUp, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>False: the account has no such passkey.</summary>
    ValueTask<bool> Rename(Identity account, byte[] id, string name, CancellationToken cancellationToken = default);

    /// <summary>False: the account has no such passkey.</summary>
    /// <param name="said">Goes into the log with it.</param>
    ValueTask<bool> Remove(Identity account, byte[] id, AuditEntry said, CancellationToken cancellationToken = default);
}

/// <summary>The public half of a passkey.</summary>
/// <param name="Id">By which authenticators call it, up to 1,023 bytes.</param>
/// <param name="Handle">By which authenticators call the account: random, and the same for all of its passkeys.</param>
/// <param name="Name">As the person calls it.</param>
/// <param name="PublicKey">COSE.</param>
/// <param name="Counter">As of the last use; 0 for authenticators that do not count.</param>
/// <param name="Transports">How browsers reach it, such as <c>internal</c>.</param>
/// <param name="Used">The last time; null: never.</param>
public sealed record Passkey(
    byte[] Id,
    Identity Account,
    string Handle,
    string Name,
    byte[] PublicKey,
    long Counter,
    IReadOnlyList<string> Transports,
    bool MayBeBackedUp,
    bool IsBackedUp,
    DateTimeOffset Created,
    DateTimeOffset? Used);
