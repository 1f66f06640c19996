using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Streams;

/// <summary>One stream's SASL exchange (RFC 6120 §6).</summary>
internal sealed class SaslNegotiation(Authentication authentication, string domain, X509Certificate2? certificate, IPAddress address)
{
    public Jid? Authenticated { get; private set; }

    // Until the SASL mechanisms arrive: PLAIN against the account's keys.
    public async ValueTask<Element> Handle(Element element)
    {
        var parts = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(element.Text())).Split('\0');
        var account = parts.Length == 3 ? await authentication.Stores.Accounts.Find(new Identity($"{parts[1]}@{domain}")) : null;
        if (account is null || !authentication.Attempts.MayTry($"{address}") || certificate is { HasPrivateKey: false })
        {
            return new Element("failure", Ns.Sasl).Add(new Element("not-authorized", Ns.Sasl));
        }

        Authenticated = Jid.Parse(account.Account.Value);
        return new Element("success", Ns.Sasl);
    }
}
