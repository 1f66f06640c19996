namespace Likeness.Stores;

/// <summary>Rosters and pending subscription requests (RFC 6121 §2, §3).</summary>
public interface IRosterStore
{
    ValueTask<IReadOnlyList<RosterRecord>> Load(Identity account, CancellationToken cancellationToken = default);

    ValueTask Save(Identity account, RosterRecord item, CancellationToken cancellationToken = default);

    ValueTask Remove(Identity account, string contact, CancellationToken cancellationToken = default);
}

/// <summary>One contact of one account.</summary>
/// <param name="Contact">Bare JID, normalised.</param>
/// <param name="Name">The user's name for the contact, or null.</param>
/// <param name="Subscription">0 none, 1 to, 2 from, 3 both.</param>
/// <param name="Asking">Our subscribe is pending (<c>ask='subscribe'</c>).</param>
/// <param name="PendingIn">The stored inbound subscribe presence, serialised; null when none is pending.</param>
/// <param name="Approved">A request of the contact is approved before it comes.</param>
/// <param name="Listed">False for an entry that exists only because of a pending inbound request.</param>
public sealed record RosterRecord(
    string Contact,
    string? Name,
    int Subscription,
    bool Asking,
    string? PendingIn,
    bool Listed,
    IReadOnlyList<string> Groups,
    bool Approved = false);
