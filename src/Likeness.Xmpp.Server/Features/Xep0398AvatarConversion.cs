using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0398 User Avatar to vCard-Based Avatars Conversion 1.0.0: nothing is converted, both are views of one portrait; here its hash enters presence (XEP-0153, table 4.2).</summary>
internal sealed class Xep0398AvatarConversion(AvatarService avatars) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.AccountFeatures.Add(Ns.PepVCardConversion);
        registry.PresenceStamps.Add(Stamp);
    }

    private AvatarStamp Stamp(Session session, PresenceAudience audience) =>
        session.Account.State<AccountAvatar>().Stamp(session.Account.Portrait, audience, avatars);
}

/// <summary>Sends the presence of an account's resources again after its portrait changed: once for all changes within a second.</summary>
internal sealed class PresenceResend(PresenceBroadcast broadcast, AvatarService avatars, XmppServerOptions options, TimeProvider time)
{
    public void Schedule(Account account, PortraitChanged change)
    {
        if (change.PictureChanged)
        {
            ForgetOptOuts(account);
        }

        var before = avatars.See(change.Before, null).For(AvatarRelation.Contact).Stamp;
        var after = avatars.See(change.After, null).For(AvatarRelation.Contact).Stamp;
        if (before.SaysTheSameAs(after))
        {
            return;
        }

        if (before.State == AvatarState.Image && after.State == AvatarState.Undisclosed && change.After.Picture is not null)
        {
            account.State<AccountAvatar>().Closing = change.After;
        }

        account.State<Pending>().Start(time, options.PresenceCoalescing, () => Resend(account));
    }

    private void Resend(Account account)
    {
        var stamps = account.State<AccountAvatar>();
        var closing = stamps.Closing;
        foreach (var session in account.Sessions)
        {
            broadcast.Send(session);
        }

        // A portrait that was closed meanwhile is told by the next round.
        stamps.Closed(closing);
    }

    // A client's "no picture" counts until the account's avatar is changed by any resource.
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
