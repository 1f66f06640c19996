using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What a stream offers in each state (C-2, C-23, C-40, C-60, C-63).</summary>
internal static class StreamFeatures
{
    public static Element Offer(StreamServices services, StreamState state, string domain, X509Certificate2? certificate, bool isSecured)
    {
        var features = new Element("features", Ns.Streams);
        switch (state)
        {
            case StreamState.Unsecured:
                return features.Add(new Element("starttls", Ns.Tls).Add(new Element("required", Ns.Tls)));
            case StreamState.Unauthenticated:
                if (!isSecured)
                {
                    features.Add(new Element("starttls", Ns.Tls));
                }

                var context = services.Authentication.ContextFor(domain, certificate);
                features.Add(Mechanisms(context));
                if (context.EndPoint is not null)
                {
                    features.Add(ChannelBinding());
                }

                return AddAll(features, services.Extensions.EarlyFeatures);
            default:
                features.Add(new Element("bind", Ns.Bind));
                features.Add(new Element("session", Ns.Session).Add(new Element("optional", Ns.Session)));
                features.Add(new Element("limits", Ns.StreamLimits).Add("max-bytes", $"{services.Options.Limits.StanzaBytes}"));
                return AddAll(features, services.Extensions.Features);
        }
    }

    private static Element Mechanisms(SaslServerContext context)
    {
        var mechanisms = new Element("mechanisms", Ns.Sasl);
        foreach (var mechanism in context.Offered(secure: true))
        {
            mechanisms.Add("mechanism", mechanism);
        }

        return mechanisms;
    }

    // XEP-0440: -PLUS is offered, so the binding types are announced (C-46).
    private static Element ChannelBinding() =>
        new Element("sasl-channel-binding", Ns.SaslChannelBinding)
            .Add(new Element("channel-binding", Ns.SaslChannelBinding).Set("type", "tls-server-end-point"));

    private static Element AddAll(Element features, List<Func<Element>> more)
    {
        foreach (var feature in more)
        {
            features.Add(feature());
        }

        return features;
    }
}
