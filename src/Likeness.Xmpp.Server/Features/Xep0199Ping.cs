using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0199 XMPP Ping: the domain and the own account answer.</summary>
internal sealed class Xep0199Ping : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.Ping);
        registry.AccountFeatures.Add(Ns.Ping);
        registry.OnServerIq("get", "ping", Ns.Ping, _ => new((Element?)null));
        registry.OnAccountIq("get", "ping", Ns.Ping, request => request.IsOwn
            ? new((Element?)null)
            : throw new StanzaErrorException(StanzaCondition.ServiceUnavailable));
    }
}
