using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>RFC 3921 §3: the session that old clients still ask for; answered, and nothing else.</summary>
internal sealed class Rfc3921Session : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.OnServerIq("set", "session", Ns.Session, _ => new((Element?)null));
        registry.OnAccountIq("set", "session", Ns.Session, request => request.IsOwn
            ? new((Element?)null)
            : throw new StanzaErrorException(StanzaCondition.ServiceUnavailable));
    }
}
