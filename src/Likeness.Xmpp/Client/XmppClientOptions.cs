using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>How to log in.</summary>
public sealed record XmppClientOptions
{
    /// <summary>The account; its resource, if it has one, is asked for.</summary>
    public required Jid Account { get; init; }

    public required string Password { get; init; }

    /// <summary>Where to connect; null: the account's domain. Look-up of SRV records is the caller's.</summary>
    public string? Host { get; init; }

    public int Port { get; init; } = 5222;

    /// <summary>TLS from the first byte (XEP-0368) instead of STARTTLS.</summary>
    public bool DirectTls { get; init; }

    /// <summary>Without TLS no password is sent, and no connection is kept. Switch off for loopback and tests only.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>Judges the server's certificate; null: it must be valid for the account's domain. See <see cref="Pinned"/>.</summary>
    public RemoteCertificateValidationCallback? AcceptCertificate { get; init; }

    /// <summary>For connecting and for each request, 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Answers requests (<c>iq</c> of type get and set); null from it, or no function, means <c>service-unavailable</c>. Pings are answered always.</summary>
    public Func<Element, Element?>? Answer { get; init; }

    public StreamLimits Limits { get; init; } = new() { StanzaBytesBeforeAuthentication = 64 * 1024, StanzaBytes = 4 * 1024 * 1024 };

    /// <summary>Accepts exactly this certificate, whoever signed it: SHA-256 of its bytes in hexadecimal.</summary>
    public static RemoteCertificateValidationCallback Pinned(string sha256) =>
        (_, certificate, _, _) => certificate is not null && certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).Equals(sha256, StringComparison.OrdinalIgnoreCase);

    /// <summary>Accepts any certificate; for a server on this very machine.</summary>
    public static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is not null;
}
