namespace Likeness.Xmpp.Server.Sessions;

/// <summary>A subscription as the roster shows it (RFC 6121 §2.1.2.5).</summary>
[Flags]
internal enum Subscription
{
    None = 0,
    To = 1,
    From = 2,
    Both = To | From,
}

/// <summary>A contact of an account; replaced whole when it changes.</summary>
internal sealed record RosterItem
{
    /// <summary>Bare address.</summary>
    public required Jid Contact { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public Subscription Subscription { get; init; }

    /// <summary>Our own request is pending: <c>ask='subscribe'</c>.</summary>
    public bool Asking { get; init; }

    /// <summary>The contact's request as it came, waiting for an answer; null when none is pending.</summary>
    public string? PendingIn { get; init; }

    /// <summary>False while the entry exists only because of a pending inbound request: the user has no such contact.</summary>
    public bool Listed { get; init; } = true;

    /// <summary>A request of the contact is approved before it comes (RFC 6121 §3.4).</summary>
    public bool Approved { get; init; }

    /// <summary>The contact may see our presence.</summary>
    public bool SeesUs => Subscription.HasFlag(Subscription.From);

    /// <summary>We may see the contact's presence.</summary>
    public bool IsSeen => Subscription.HasFlag(Subscription.To);
}
