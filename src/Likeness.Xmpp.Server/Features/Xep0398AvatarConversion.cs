using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0398 User Avatar to vCard-Based Avatars Conversion 1.0.0: nothing is converted, both are views of one portrait; here its hash enters presence (XEP-0153, table 4.2).</summary>
internal sealed class Xep0398AvatarConversion(DomainPolicies policies) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.AccountFeatures.Add(Ns.PepVCardConversion);
        registry.PresenceStamps.Add(Stamp);
    }

    private AvatarStamp Stamp(Session session, PresenceAudience audience) =>
        session.Account.State<AvatarStamps>().For(session.Account.Portrait, audience, policies);
}
