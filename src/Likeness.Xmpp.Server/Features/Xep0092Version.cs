using System.Reflection;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0092 Software Version; the operating system is nobody's business.</summary>
internal sealed class Xep0092Version : IFeature
{
    private static readonly string Number = typeof(Xep0092Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.Version);
        registry.OnServerIq("get", "query", Ns.Version, _ => new(
            new Element("query", Ns.Version).Add("name", "Likeness").Add("version", Number)));
    }
}
