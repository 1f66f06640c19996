namespace Likeness.Stores;

/// <summary>Invitations that were not used yet. The text by which one is used is never stored, only its SHA-256. An invitation goes with the account that made it.</summary>
public interface IInvitationStore
{
    /// <summary>False: one of the limits is reached.</summary>
    /// <param name="hash">SHA-256 of the text, 32 bytes.</param>
    /// <param name="maxByInviter">Of one account that invites.</param>
    ValueTask<bool> Add(Invitation invitation, byte[] hash, int maxByInviter, int max, CancellationToken cancellationToken = default);

    /// <summary>The invitation with this SHA-256, expired or not.</summary>
    ValueTask<Invitation?> Find(byte[] hash, CancellationToken cancellationToken = default);

    /// <summary>All of them, the oldest first.</summary>
    ValueTask<IReadOnlyList<Invitation>> List(CancellationToken cancellationToken = default);

    /// <summary>It is used, or taken back. False: it was already.</summary>
    ValueTask<bool> Remove(string id, CancellationToken cancellationToken = default);

    /// <summary>Whether an invitation that has not expired keeps this name for who gets it.</summary>
    /// <param name="except">The id of one that does not count.</param>
    ValueTask<bool> Reserves(string domain, string name, string? except, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Forgets those that expired before.</summary>
    ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default);
}

/// <summary>An invitation.</summary>
/// <param name="Id">By which operators speak of it; nobody gets in by it.</param>
/// <param name="Name">The name that is kept for the account; null: it is chosen.</param>
/// <param name="Inviter">Who becomes a contact of whoever uses it; null: nobody.</param>
/// <param name="ForContact">Its purpose is the contact; an account may come along.</param>
/// <param name="OpensAccount">An account can be opened with it.</param>
/// <param name="By">Who made it.</param>
public sealed record Invitation(
    string Id,
    string Domain,
    string? Name,
    Identity? Inviter,
    bool ForContact,
    bool OpensAccount,
    string By,
    DateTimeOffset Created,
    DateTimeOffset Expires);

/// <summary>The invitation was used or taken back a moment ago.</summary>
public sealed class InvitationUsedException() : StoreConflictException("The invitation was used already, or taken back.");
