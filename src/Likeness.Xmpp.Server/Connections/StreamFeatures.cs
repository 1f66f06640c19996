using System.Buffers;
using System.Collections.Concurrent;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What a stream offers in each state, written once for all streams.</summary>
internal sealed class StreamFeatures(XmppServerOptions options, StreamExtensions extensions)
{
    private readonly ConcurrentDictionary<(StreamState State, bool HasEndPoint, bool HasExporter, bool IsSecured, bool IsManaged, ScramHashes Hashes), StreamOffer> _written = new();

    /// <param name="context">What logins may bind to; null: they are not offered now.</param>
    /// <param name="isManaged">Acknowledgements are agreed on already: some clients would do so again where it is offered.</param>
    public StreamOffer Offer(StreamState state, SaslServerContext? context, bool isSecured, bool isManaged = false)
    {
        var kind = (state, context?.EndPoint is not null, context?.Exporter is not null, isSecured, isManaged, context?.Hashes ?? ScramHashes.None);
        return _written.TryGetValue(kind, out var offer) ? offer : _written.GetOrAdd(kind, Written(Features(state, context, isSecured, isManaged), context));
    }

    private StreamOffer Written(Element features, SaslServerContext? context)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ElementWriter.Write(bytes, features, Ns.Client);
        return new StreamOffer(bytes.WrittenSpan.ToArray(), context is null ? null : SaslServerContext.Announcement(context.Offered(secure: options.OffersPlain), context.Bindings()));
    }

    private Element Features(StreamState state, SaslServerContext? context, bool isSecured, bool isManaged)
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

                features.Add(Mechanisms(context!));
                features.Add(Logins(context!));
                if (context!.EndPoint is not null)
                {
                    features.Add(ChannelBindings(context));
                }

                return AddAll(features, extensions.EarlyFeatures);
            default:
                if (state == StreamState.Unbound)
                {
                    features.Add(new Element("bind", Ns.Bind));
                    features.Add(new Element("session", Ns.Session).Add(new Element("optional", Ns.Session)));
                }

                features.Add(new Element("limits", Ns.StreamLimits).Add("max-bytes", $"{options.Limits.StanzaBytes}"));
                return AddAll(features, extensions.Features.Where(feature => !isManaged || feature().Namespace != Ns.StreamManagement));
        }
    }

    private Element Mechanisms(SaslServerContext context)
    {
        var mechanisms = new Element("mechanisms", Ns.Sasl);
        foreach (var mechanism in context.Offered(secure: options.OffersPlain))
        {
            mechanisms.Add("mechanism", mechanism);
        }

        return mechanisms;
    }

    // XEP-0388 §2.1, XEP-0386 §3.1, XEP-0198 §9
    private Element Logins(SaslServerContext context)
    {
        var logins = new Element("authentication", Ns.Sasl2);
        foreach (var mechanism in context.Offered(secure: options.OffersPlain))
        {
            logins.Add("mechanism", mechanism);
        }

        var inline = new Element("inline", Ns.Sasl2).Add(new Element("sm", Ns.StreamManagement));
        if (extensions.Inline.Count > 0)
        {
            var names = new Element("inline", Ns.Bind2);
            foreach (var name in extensions.Inline)
            {
                names.Add(new Element("feature", Ns.Bind2).Set("var", name));
            }

            inline.Add(new Element("bind", Ns.Bind2).Add(names));
        }

        inline.Add(TokenLogin.Announcement(context));
        return logins.Add(inline);
    }

    // XEP-0440: -PLUS is offered, so the binding types are announced.
    private static Element ChannelBindings(SaslServerContext context)
    {
        var bindings = new Element("sasl-channel-binding", Ns.SaslChannelBinding);
        foreach (var type in context.Bindings())
        {
            bindings.Add(new Element("channel-binding", Ns.SaslChannelBinding).Set("type", type));
        }

        return bindings;
    }

    private static Element AddAll(Element features, IEnumerable<Func<Element>> more)
    {
        foreach (var feature in more)
        {
            features.Add(feature());
        }

        return features;
    }
}

/// <summary>Features as they stand in a client's stream.</summary>
/// <param name="Announced">The logins among them, as SCRAM proves them (XEP-0474); null: none.</param>
internal sealed record StreamOffer(byte[] Features, string? Announced);
