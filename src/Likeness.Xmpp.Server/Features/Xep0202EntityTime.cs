using System.Globalization;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0202 Entity Time 2.0: the server's clock; where the machine stands is nobody's business.</summary>
internal sealed class Xep0202EntityTime(TimeProvider time) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.Time);
        registry.OnServerIq("get", "time", Ns.Time, _ => new(
            new Element("time", Ns.Time)
                .Add("tzo", "+00:00")
                .Add("utc", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))));
    }
}
