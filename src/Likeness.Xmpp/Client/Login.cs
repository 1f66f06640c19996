using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>From a connection to a bound stream: TLS, SASL, resource (RFC 6120 §5, §6, §7).</summary>
internal sealed class Login(ClientStream stream, XmppClientOptions options)
{
    /// <returns>The full address and the features of the last stream.</returns>
    public async Task<(Jid Address, Element Features)> Run(CancellationToken cancellationToken)
    {
        if (options.DirectTls)
        {
            await stream.StartTls(cancellationToken);
        }

        var features = await stream.Open(cancellationToken);
        if (stream.Tls is null && features.Child("starttls", Ns.Tls) is not null)
        {
            features = await Secure(cancellationToken);
        }

        if (stream.Tls is null && options.RequireTls)
        {
            throw new AuthenticationException("The server offers no TLS.");
        }

        await Authenticate(features, cancellationToken);
        stream.AllowLargeStanzas();
        features = await stream.Open(cancellationToken);
        return (await Bind(cancellationToken), features);
    }

    private async Task<Element> Secure(CancellationToken cancellationToken)
    {
        await stream.Write(new Element("starttls", Ns.Tls), cancellationToken);
        if (!(await stream.Read(cancellationToken)).Is("proceed", Ns.Tls))
        {
            throw new AuthenticationException("The server refused to begin TLS.");
        }

        await stream.StartTls(cancellationToken);
        return await stream.Open(cancellationToken);
    }

    private async Task Authenticate(Element features, CancellationToken cancellationToken)
    {
        var sasl = Choose(features);
        await stream.Write(SaslContent.Write("auth", sasl.Start()).Set("mechanism", sasl.Name), cancellationToken);
        while (true)
        {
            var answer = await stream.Read(cancellationToken);
            if (answer.Namespace != Ns.Sasl || answer.Name is not ("challenge" or "success" or "failure"))
            {
                throw new StreamErrorException("bad-format", "The server answered authentication with something else.");
            }

            if (answer.Name == "failure")
            {
                var condition = answer.FirstOrDefault(child => child.Name != "text");
                throw new SaslException(condition?.Name ?? "not-authorized", answer.Child("text")?.Text());
            }

            if (!SaslContent.TryRead(answer, out var data))
            {
                throw new SaslException("incorrect-encoding");
            }

            if (answer.Name == "success")
            {
                sasl.Finish(data);
                return;
            }

            var response = sasl.Respond(data ?? []);
            await stream.Write(response.Length == 0 ? new Element("response", Ns.Sasl) : SaslContent.Write("response", response), cancellationToken);
        }
    }

    // In the client's own order of preference, never in the server's (RFC 6120 §6.3.3).
    private ISaslClient Choose(Element features)
    {
        var offered = features.Child("mechanisms", Ns.Sasl)?.Select(mechanism => mechanism.Text().Trim()).ToHashSet(StringComparer.Ordinal) ?? [];
        var user = options.Account.Local ?? throw new SaslException("invalid-authzid", "The account has no user name.");
        var endPoint = EndPoint();
        var plusOffered = offered.Any(name => name.EndsWith("-PLUS", StringComparison.Ordinal));
        var binding = CanBind(features) ? endPoint : null;
        var couldBind = endPoint is not null && !plusOffered;
        var announced = SaslServerContext.Announcement(offered, Bindings(features) ?? []);
        foreach (var hash in new[] { ScramHash.Sha256, ScramHash.Sha1 })
        {
            if (binding is not null && offered.Contains(hash.Mechanism(plus: true)))
            {
                return new ScramClient(hash, user, options.Password, binding) { Announced = announced };
            }
        }

        foreach (var hash in new[] { ScramHash.Sha256, ScramHash.Sha1 })
        {
            if (offered.Contains(hash.Mechanism(plus: false)))
            {
                return new ScramClient(hash, user, options.Password, couldBind: couldBind) { Announced = announced };
            }
        }

        return offered.Contains("PLAIN") && stream.Tls is not null
            ? new PlainClient(user, options.Password)
            : throw new SaslException("invalid-mechanism", $"The server offers no mechanism we use: {string.Join(", ", offered)}.");
    }

    private byte[]? EndPoint()
    {
        if (stream.Tls?.RemoteCertificate is not { } certificate)
        {
            return null;
        }

        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return ServerEndPoint.Of(copy);
    }

    // XEP-0440: without the list nothing is known against it.
    private static bool CanBind(Element features) => Bindings(features)?.Contains("tls-server-end-point") ?? true;

    private static IEnumerable<string>? Bindings(Element features) =>
        features.Child("sasl-channel-binding", Ns.SaslChannelBinding)?.Select(type => type["type"] ?? "");

    private async Task<Jid> Bind(CancellationToken cancellationToken)
    {
        var bind = new Element("bind", Ns.Bind);
        if (options.Account.Resource is { } resource)
        {
            bind.Add("resource", resource);
        }

        var id = StanzaId.New();
        await stream.Write(new Element("iq", Ns.Client).Set("type", "set").Set("id", id).Add(bind), cancellationToken);
        var answer = await stream.Read(cancellationToken);
        if (answer["type"] == "error")
        {
            throw StanzaReply.ReadError(answer);
        }

        return Jid.TryParse(answer.Child("bind", Ns.Bind)?.Child("jid")?.Text(), out var address) && answer["id"] == id
            ? address
            : throw new StreamErrorException("bad-format", "The server did not bind a resource.");
    }
}
