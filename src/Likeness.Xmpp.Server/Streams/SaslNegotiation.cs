using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Streams;

/// <summary>One stream's SASL exchange (RFC 6120 §6).</summary>
internal sealed class SaslNegotiation(Authentication authentication, string domain, X509Certificate2? certificate, IPAddress address)
{
    public Jid? Authenticated { get; private set; }

    public ValueTask<Element> Handle(Element element) =>
        new(new Element("failure", Ns.Sasl).Add(new Element("temporary-auth-failure", Ns.Sasl).Set("to", $"{authentication} {domain} {certificate} {address} {element}")));
}
