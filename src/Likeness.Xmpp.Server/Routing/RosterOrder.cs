namespace Likeness.Xmpp.Server.Routing;

/// <summary>
/// Keeps the changes of one account's roster in order. Two kinds of turn, so that two accounts changing each other never wait in a circle:
/// <see cref="Outbound"/> is held while what the user does is carried out at both ends, and only ever taken first;
/// <see cref="Change"/> is held for one change, and nothing but the store is waited for under it.
/// </summary>
internal sealed class RosterOrder
{
    public AsyncLock Outbound { get; } = new();

    public AsyncLock Change { get; } = new();
}
