namespace Likeness.Xmpp.Server.Routing;

/// <summary>One XEP served by the server: it advertises, parses, serves and writes in one place. The core knows none of them.</summary>
public interface IFeature
{
    void Register(FeatureRegistry registry);
}
