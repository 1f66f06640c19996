using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>Sends the presence of an account's resources again after its portrait changed: once for all changes within a second (X398-40…42).</summary>
internal sealed class PresenceResend(PresenceBroadcast broadcast, DomainPolicies policies, XmppServerOptions options, TimeProvider time)
{
    public void Schedule(Account account, PortraitChanged change)
    {
        if (change.PictureChanged)
        {
            ForgetOptOuts(account);
        }

        var before = AvatarStamps.ForContacts(change.Before, policies);
        var after = AvatarStamps.ForContacts(change.After, policies);
        if (before.SaysTheSameAs(after))
        {
            return;
        }

        if (before.State == AvatarState.Image && after.State == AvatarState.Undisclosed && change.After.Picture is not null)
        {
            account.State<AvatarStamps>().Closing = change.After;
        }

        account.State<Pending>().Start(time, options.PresenceCoalescing, () => Resend(account));
    }

    private void Resend(Account account)
    {
        var stamps = account.State<AvatarStamps>();
        var closing = stamps.Closing;
        foreach (var session in account.Sessions)
        {
            broadcast.Send(session);
        }

        // A portrait that was closed meanwhile is told by the next round.
        stamps.Closed(closing);
    }

    // X398-32: a client's "no picture" counts until the account's avatar is changed by any resource.
    private static void ForgetOptOuts(Account account)
    {
        lock (account.Gate)
        {
            foreach (var session in account.Sessions)
            {
                if (session.Presence is { } presence && AvatarStamp.IsOptOut(presence))
                {
                    session.Presence = AvatarStamp.WithoutOptOut(presence);
                }
            }
        }
    }

    private sealed class Pending
    {
        private readonly Lock _gate = new();
        private ITimer? _timer;

        public void Start(TimeProvider time, TimeSpan delay, Action resend)
        {
            lock (_gate)
            {
                _timer ??= time.CreateTimer(_ => Run(resend), null, delay, Timeout.InfiniteTimeSpan);
            }
        }

        private void Run(Action resend)
        {
            lock (_gate)
            {
                _timer?.Dispose();
                _timer = null;
            }

            resend();
        }
    }
}
