using System.Buffers;
using System.Collections.Concurrent;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What a stream offers in each state (C-2, C-23, C-40, C-60, C-63), written once for all streams.</summary>
internal sealed class StreamFeatures(XmppServerOptions options, StreamExtensions extensions)
{
    private readonly ConcurrentDictionary<(StreamState State, bool Binds, bool IsSecured), byte[]> _written = new();

    /// <summary>The element as it stands in a client's stream.</summary>
    public byte[] Offer(StreamState state, SaslServerContext? context, bool isSecured) =>
        _written.TryGetValue((state, context?.EndPoint is not null, isSecured), out var written)
            ? written
            : _written.GetOrAdd((state, context?.EndPoint is not null, isSecured), Written(Features(state, context, isSecured)));

    private static byte[] Written(Element features)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ElementWriter.Write(bytes, features, Ns.Client);
        return bytes.WrittenSpan.ToArray();
    }

    private Element Features(StreamState state, SaslServerContext? context, bool isSecured)
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
                if (context!.EndPoint is not null)
                {
                    features.Add(ChannelBinding());
                }

                return AddAll(features, extensions.EarlyFeatures);
            default:
                features.Add(new Element("bind", Ns.Bind));
                features.Add(new Element("session", Ns.Session).Add(new Element("optional", Ns.Session)));
                features.Add(new Element("limits", Ns.StreamLimits).Add("max-bytes", $"{options.Limits.StanzaBytes}"));
                return AddAll(features, extensions.Features);
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
