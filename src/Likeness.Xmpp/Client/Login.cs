using System.Globalization;
using System.Security.Authentication;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>What a login led to.</summary>
/// <param name="IsResumed">The session of before goes on (XEP-0198 §5); else it is a new one.</param>
internal sealed record LoggedIn(Jid Address, Element Features, bool IsResumed)
{
    /// <summary>What a resumption needs and the server acknowledges; null: it acknowledges nothing.</summary>
    public ManagedSession? Managed { get; init; }

    /// <summary>Stanzas that came before the login was through.</summary>
    public IReadOnlyList<Element> Early { get; init; } = [];
}

/// <summary>From a connection to a bound or resumed stream: TLS, SASL or its extensible profile, resource (RFC 6120 §5 to §7, XEP-0388, XEP-0386, XEP-0198, XEP-0484).</summary>
/// <param name="previous">The session that is to go on; null: there is none.</param>
/// <param name="token">Tried before the password.</param>
internal sealed class Login(ClientStream stream, XmppClientOptions options, ManagedSession? previous = null, FastToken? token = null)
{
    // Stanzas between the steps of a login: none are usual.
    private const int MaxEarly = 100;
    private readonly List<Element> _early = [];
    private string? _wanted;

    /// <summary>What the server gave for the next login; null: nothing, or the one it had is refused now.</summary>
    public FastToken? Token { get; private set; } = token;

    public async Task<LoggedIn> Run(CancellationToken cancellationToken)
    {
        var features = await stream.Open(cancellationToken);
        if (!stream.IsSecure && features.Child("starttls", Ns.Tls) is not null)
        {
            features = await Secure(cancellationToken);
        }

        if (!stream.IsSecure && options.RequireTls)
        {
            throw new AuthenticationException("The server offers no TLS.");
        }

        var mechanisms = new LoginMechanisms(stream, options, features);
        if (mechanisms.HasProfile)
        {
            return await ByProfile(mechanisms, features.Child("authentication", Ns.Sasl2)!.Child("inline"), cancellationToken);
        }

        await Authenticate(mechanisms.Choose(), cancellationToken);
        stream.AllowLargeStanzas();
        features = await stream.Open(cancellationToken);
        return await Resume(features, cancellationToken) ?? await Bind(features, cancellationToken);
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

    private async Task Authenticate(ISaslClient sasl, CancellationToken cancellationToken)
    {
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
                throw Failure(answer);
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

    private async Task<LoggedIn> ByProfile(LoginMechanisms mechanisms, Element? inline, CancellationToken cancellationToken)
    {
        Element success;
        if (Token is { } kept && mechanisms.ByToken(kept) is { } byToken)
        {
            try
            {
                success = await ByProfile(byToken, mechanisms, inline, kept, cancellationToken);
            }
            catch (SaslException) when (options.Password is not null)
            {
                // XEP-0484 §4.1: the token is worth nothing any more.
                Token = null;
                success = await ByProfile(mechanisms.Choose(), mechanisms, inline, null, cancellationToken);
            }
        }
        else
        {
            success = await ByProfile(mechanisms.Choose(), mechanisms, inline, null, cancellationToken);
        }

        stream.AllowLargeStanzas();
        Keep(success.Child("token", Ns.Fast));
        if (previous is not null && success.Child("resumed", Ns.StreamManagement) is { } resumed)
        {
            return Resumed(resumed, new Element("features", Ns.Streams));
        }

        if (success.Child("failed", Ns.StreamManagement) is { } failed)
        {
            previous?.Acknowledge(failed["h"]);
        }

        var features = await stream.ReadFeatures(cancellationToken);
        if (success.Child("bound", Ns.Bind2) is not { } bound)
        {
            return await Resume(features, cancellationToken) ?? await Bind(features, cancellationToken);
        }

        return Jid.TryParse(success.Child("authorization-identifier")?.Text(), out var address) && !address.IsBare
            ? new LoggedIn(address, features, IsResumed: false)
            {
                Managed = bound.Child("enabled", Ns.StreamManagement) is { } enabled ? ManagedSession.Begun(enabled, address) : await Manage(features, address, cancellationToken),
                Early = _early,
            }
            : throw new StreamErrorException("bad-format", "The server did not say which resource it bound.");
    }

    private async Task<Element> ByProfile(ISaslClient sasl, LoginMechanisms mechanisms, Element? inline, FastToken? used, CancellationToken cancellationToken)
    {
        await stream.Write(Request(sasl, mechanisms, inline, used), cancellationToken);
        while (true)
        {
            var answer = await stream.Read(cancellationToken);
            switch (answer.Name)
            {
                case "challenge" when answer.Namespace == Ns.Sasl2:
                    var response = sasl.Respond(Decoded(answer.Text()) ?? []);
                    await stream.Write(new Element("response", Ns.Sasl2).Add(Convert.ToBase64String(response)), cancellationToken);
                    break;
                case "success" when answer.Namespace == Ns.Sasl2:
                    sasl.Finish(Decoded(answer.Child("additional-data")?.Text()));
                    return answer;
                case "failure" when answer.Namespace == Ns.Sasl2:
                    throw Failure(answer);
                case "continue" when answer.Namespace == Ns.Sasl2:
                    throw new SaslException("not-authorized", "The server asks for a second step of login, which this client does not know.");
                default:
                    throw new StreamErrorException("bad-format", "The server answered authentication with something else.");
            }
        }
    }

    private Element Request(ISaslClient sasl, LoginMechanisms mechanisms, Element? inline, FastToken? used)
    {
        var request = new Element("authenticate", Ns.Sasl2).Set("mechanism", sasl.Name).Add("initial-response", Convert.ToBase64String(sasl.Start()));
        if (options.ClientId is { } id)
        {
            request.Add(new Element("user-agent", Ns.Sasl2).Set("id", id.ToString("D")).Add("software", options.Software));
            if (used is null && mechanisms.TokenMechanism is { } wanted)
            {
                _wanted = wanted;
                request.Add(new Element("request-token", Ns.Fast).Set("mechanism", wanted));
            }
        }

        if (used is not null)
        {
            request.Add(new Element("fast", Ns.Fast));
        }

        if (previous?.ResumptionId is not null && inline?.Child("sm", Ns.StreamManagement) is not null)
        {
            request.Add(previous.Resume());
        }

        // A resource of one's own choice is bound in the old way: this one lets the server choose.
        if (options.Account.Resource is null && inline?.Child("bind", Ns.Bind2) is { } offer)
        {
            var bind = new Element("bind", Ns.Bind2).Add("tag", options.Software);
            var isManaged = options.Reconnects && offer.Child("inline")?.Any(feature => feature["var"] == Ns.StreamManagement) == true;
            request.Add(isManaged ? bind.Add(ManagedSession.Enable()) : bind);
        }

        return request;
    }

    private void Keep(Element? given)
    {
        if (given?["token"] is { Length: > 0 } text && (_wanted ?? Token?.Mechanism) is { } mechanism)
        {
            DateTimeOffset? expires = DateTimeOffset.TryParse(given["expiry"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
            Token = new FastToken(mechanism, text, expires);
        }
    }

    private async Task<LoggedIn?> Resume(Element features, CancellationToken cancellationToken)
    {
        if (previous?.ResumptionId is null || features.Child("sm", Ns.StreamManagement) is null)
        {
            return null;
        }

        await stream.Write(previous.Resume(), cancellationToken);
        var answer = await Answer(element => element.Namespace == Ns.StreamManagement && element.Name is "resumed" or "failed", cancellationToken);
        if (answer.Name == "resumed")
        {
            return Resumed(answer, features);
        }

        previous.Acknowledge(answer["h"]);
        return null;
    }

    private LoggedIn Resumed(Element resumed, Element features)
    {
        previous!.Acknowledge(resumed["h"]);
        return new LoggedIn(previous.Address, features, IsResumed: true) { Managed = previous, Early = _early };
    }

    private async Task<LoggedIn> Bind(Element features, CancellationToken cancellationToken)
    {
        var bind = new Element("bind", Ns.Bind);
        if (options.Account.Resource is { } resource)
        {
            bind.Add("resource", resource);
        }

        var id = StanzaId.New();
        await stream.Write(new Element("iq", Ns.Client).Set("type", "set").Set("id", id).Add(bind), cancellationToken);
        var answer = await Answer(element => element.Name == "iq" && element["id"] == id, cancellationToken);
        if (answer["type"] == "error")
        {
            throw StanzaReply.ReadError(answer);
        }

        return Jid.TryParse(answer.Child("bind", Ns.Bind)?.Child("jid")?.Text(), out var address) && !address.IsBare
            ? new LoggedIn(address, features, IsResumed: false) { Managed = await Manage(features, address, cancellationToken), Early = _early }
            : throw new StreamErrorException("bad-format", "The server did not bind a resource.");
    }

    private async Task<ManagedSession?> Manage(Element features, Jid address, CancellationToken cancellationToken)
    {
        if (!options.Reconnects || features.Child("sm", Ns.StreamManagement) is null)
        {
            return null;
        }

        await stream.Write(ManagedSession.Enable(), cancellationToken);
        var answer = await Answer(element => element.Namespace == Ns.StreamManagement && element.Name is "enabled" or "failed", cancellationToken);
        return answer.Name == "enabled" ? ManagedSession.Begun(answer, address) : null;
    }

    private async Task<Element> Answer(Func<Element, bool> isIt, CancellationToken cancellationToken)
    {
        while (true)
        {
            var element = await stream.Read(cancellationToken);
            if (isIt(element))
            {
                return element;
            }

            if (element.Namespace != Ns.Client || _early.Count == MaxEarly)
            {
                throw new StreamErrorException("bad-format", "The server sent something else while the login was not through.");
            }

            _early.Add(element);
        }
    }

    private static byte[]? Decoded(string? text) =>
        text is null ? null : StrictBase64.TryDecode(text, out var bytes) ? bytes : throw new SaslException("incorrect-encoding");

    private static SaslException Failure(Element failure)
    {
        var condition = failure.FirstOrDefault(child => child.Namespace == Ns.Sasl && child.Name != "text");
        return new SaslException(condition?.Name ?? "not-authorized", failure.Child("text")?.Text());
    }
}
