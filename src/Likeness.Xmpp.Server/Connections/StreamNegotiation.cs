using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>The talk on one stream of a client: header, features, STARTTLS, SASL, binding, then stanzas to the session (RFC 6120 §4–§7).</summary>
internal sealed class StreamNegotiation : Negotiation
{
    private readonly IStreamTransport _transport;
    private SaslNegotiation? _sasl;
    private EarlyTalk? _talk;
    private X509Certificate2? _certificate;
    private byte[]? _exporter;
    private Jid? _authenticated;
    private Sasl2Login? _login;
    private string? _initiator;
    private int _bindAttempts;
    private bool _isHeaderExpected = true;

    public StreamNegotiation(StreamServices services, StreamConnection connection, StreamOutput output, IStreamTransport transport)
        : base(services, connection, output)
    {
        _transport = transport;
        _certificate = transport.Certificate;
        State = !transport.StartsTls || services.Options.IsDevelopment(transport.Address ?? IPAddress.None) ? StreamState.Unauthenticated : StreamState.Unsecured;
    }

    public override void Secured(SecuredTransport secured)
    {
        (_certificate, _exporter) = (secured.Certificate, TlsExporter.Of(secured.Tls));
        State = StreamState.Unauthenticated;
        ExpectHeader();
    }

    private IPAddress Address => _transport.Address ?? IPAddress.None;

    private bool IsSecured => _certificate is not null || !_transport.StartsTls;

    private void ExpectHeader()
    {
        IsHeaderSent = false;
        _isHeaderExpected = true;
        _sasl = null;
        _login = null;
        Frame.Restart();
    }

    protected override async ValueTask<StreamOutcome> Open(Element header, string? contentNamespace, CancellationToken cancellationToken)
    {
        if (!_isHeaderExpected)
        {
            throw new StreamErrorException("policy-violation", "The stream is open already.");
        }

        var error = Frame.ErrorIn(header, contentNamespace, Services.Domains, out var domain);
        Domain = domain;
        _initiator = Jid.TryParse(header["from"], out var from) ? from.BareText : null;
        await Ready(cancellationToken);
        WriteHeader(_initiator, version: StreamFrame.MajorVersion(header) >= 1);
        if (error is not null)
        {
            throw error;
        }

        if (State == StreamState.Unauthenticated)
        {
            _sasl = new SaslNegotiation(Services.Authentication, Domain, _certificate, _exporter, await Services.Authentication.Hashes(Domain), Address);
        }

        var offer = Services.Features.Offer(State, _sasl?.Context, IsSecured);
        _sasl?.Announce(offer.Announced!);
        Output.Buffer.Write(offer.Features);
        Output.Flush();
        return StreamOutcome.Continue;
    }

    protected override void WriteHeader() => WriteHeader(null, version: true);

    private void WriteHeader(string? initiator, bool version)
    {
        Frame.WriteOpening(Output.Buffer, Domain, StanzaId.New(), initiator, version);
        Output.EndElement();
        IsHeaderSent = true;
        _isHeaderExpected = false;
    }

    protected override async ValueTask<StreamOutcome> Take(Element element, bool more, CancellationToken cancellationToken)
    {
        if (_isHeaderExpected)
        {
            throw new StreamErrorException("policy-violation", "A stream has to be opened first.");
        }

        var rule = StreamGrammar.RuleFor(Frame.Role, State, element, IsSecured);
        switch (rule.Step)
        {
            case StreamStep.Stanza:
                await Session!.Receive(element);
                return StreamOutcome.Continue;
            case StreamStep.StartTls when more:
                // Bytes behind starttls could be commands injected before the handshake.
                throw new StreamErrorException("policy-violation", "Nothing may follow starttls before the TLS handshake.");
            case StreamStep.StartTls:
                await Send(new Element("proceed", Ns.Tls), cancellationToken);
                return StreamOutcome.Secure;
            case StreamStep.Sasl:
                await Authenticate(element, rule, cancellationToken);
                return StreamOutcome.Continue;
            case StreamStep.Login:
                await LogIn(element, cancellationToken);
                return StreamOutcome.Continue;
            case StreamStep.EarlyIq:
                await AnswerEarly(element, cancellationToken);
                return StreamOutcome.Continue;
            case StreamStep.Resume:
                await Resume(element, cancellationToken);
                return StreamOutcome.Continue;
            case StreamStep.Unexpected:
                await Send(NotManaged(StanzaCondition.UnexpectedRequest), cancellationToken);
                return StreamOutcome.Continue;
            default:
                await Bind(element, cancellationToken);
                return StreamOutcome.Continue;
        }
    }

    private async ValueTask Authenticate(Element element, StreamRule rule, CancellationToken cancellationToken)
    {
        var step = await _sasl!.Handle(element);
        switch (step.Outcome)
        {
            case SaslOutcome.Challenge:
                await Send(SaslContent.Write("challenge", step.Data is [] ? null : step.Data), cancellationToken);
                break;
            case SaslOutcome.Failure:
                await Send(_sasl.Write(step, Ns.Sasl), cancellationToken);
                break;
            default:
                _authenticated = _sasl.Succeed(step);
                await Send(SaslContent.Write("success", step.Data), cancellationToken);
                State = rule.Next;
                Frame.Trust();
                ExpectHeader();
                break;
        }
    }

    private async ValueTask LogIn(Element element, CancellationToken cancellationToken)
    {
        if (Frame.HadSpace() && State == StreamState.Authenticating)
        {
            throw new StreamErrorException("policy-violation", "While a login runs nothing else may be sent, not even white space.");
        }

        SaslStep step;
        if (element.Name == "authenticate")
        {
            _login = new Sasl2Login(_sasl!, Services.Authentication, element, _initiator);
            step = await _login.Begin();
        }
        else
        {
            step = _login is null ? await _sasl!.Refuse("aborted") : await _login.Continue(element);
        }

        switch (step.Outcome)
        {
            case SaslOutcome.Challenge:
                State = StreamState.Authenticating;
                await Send(new Element("challenge", Ns.Sasl2).Add(Convert.ToBase64String(step.Data!)), cancellationToken);
                break;
            case SaslOutcome.Failure:
                State = StreamState.Unauthenticated;
                _login = null;
                await Send(_sasl!.Write(step, Ns.Sasl2), cancellationToken);
                break;
            default:
                await Enter(step, cancellationToken);
                break;
        }
    }

    // XEP-0388 §2.6.1: one answer says what became of everything that was wanted; no stream begins anew.
    private async ValueTask Enter(SaslStep step, CancellationToken cancellationToken)
    {
        var (login, account) = (_login!, _sasl!.Succeed(step));
        (_authenticated, _login, _sasl, _exporter, _initiator) = (account, null, null, null, null);
        Frame.Trust();
        State = StreamState.Unbound;
        var success = new Element("success", Ns.Sasl2);
        if (step.Data is { } data)
        {
            success.Add(new Element("additional-data", Ns.Sasl2).Add(Convert.ToBase64String(data)));
        }

        var identifier = new Element("authorization-identifier", Ns.Sasl2);
        success.Add(identifier);
        if (await login.Settle(account) is { } token)
        {
            success.Add(TokenLogin.Write(token));
        }

        var resumed = login.Request.Child("resume", Ns.StreamManagement) is { } resume ? await Resume(resume, success, cancellationToken) : null;
        var session = resumed ?? (login.Request.Child("bind", Ns.Bind2) is { } bind ? await Bind(bind, login, success) : null);
        identifier.Add((session?.Jid ?? account).Text);
        await Ready(cancellationToken);
        Frame.Write(Output.Buffer, success);
        if (resumed is null)
        {
            Output.EndElement();
            Output.Buffer.Write(Services.Features.Offer(State, null, IsSecured, isManaged: success.Child("bound", Ns.Bind2)?.Child("enabled", Ns.StreamManagement) is not null).Features);
        }

        Output.Flush();
        session?.Attach(Output);
    }

    private async ValueTask<IStreamSession?> Resume(Element resume, Element success, CancellationToken cancellationToken)
    {
        if (ReadResume(resume) is not { } wanted)
        {
            success.Add(NotManaged(StanzaCondition.BadRequest));
            return null;
        }

        var resumed = await Services.Sessions.Resume(_authenticated!, wanted.Id, wanted.Handled, Connection, cancellationToken);
        success.Add(Answer(wanted.Id, resumed));
        if (resumed.Session is { } session)
        {
            Bound(session);
        }

        return resumed.Session;
    }

    // A binding that is refused leaves the old way to bind (XEP-0386 says nothing of it).
    private async ValueTask<IStreamSession?> Bind(Element bind, Sasl2Login login, Element success)
    {
        if (Services.Extensions.Inline.Count == 0)
        {
            return null;
        }

        var inline = new InlineBinding(bind.Child("tag")?.Text(), login.ClientOf(_authenticated!), bind);
        IStreamSession session;
        try
        {
            session = await Services.Sessions.Bind(_authenticated!, inline, Connection);
        }
        catch (StanzaErrorException)
        {
            return null;
        }

        Bound(session);
        await Services.Sessions.Describe(session, inline);
        success.Add(inline.Bound);
        return session;
    }

    // What only the way here needs is not kept for the hours that may follow.
    private void Bound(IStreamSession session)
    {
        Bind(session);
        State = StreamState.Bound;
        (_authenticated, _sasl, _login, _talk, _exporter, _initiator) = (null, null, null, null, null, null);
    }

    private async ValueTask AnswerEarly(Element iq, CancellationToken cancellationToken)
    {
        var payload = iq.FirstChild();
        if (payload is null || !Services.Extensions.EarlyIqs.TryGetValue(payload.Namespace, out var handler))
        {
            throw new StreamErrorException("not-authorized", "Authenticate before sending stanzas.");
        }

        try
        {
            await Send(StanzaReply.Result(iq, await handler(new EarlyIqRequest(iq, payload, Domain, Address, _talk ??= new()))), cancellationToken);
        }
        catch (StanzaErrorException error)
        {
            await Refuse(iq, error, cancellationToken);
        }
    }

    private async ValueTask Refuse(Element iq, StanzaErrorException error, CancellationToken cancellationToken)
    {
        if (StanzaReply.Error(iq, error) is { } reply)
        {
            await Send(reply, cancellationToken);
        }
    }

    private async ValueTask Bind(Element iq, CancellationToken cancellationToken)
    {
        if (iq.FirstChild() is not { } bind || !bind.Is("bind", Ns.Bind) || iq["type"] != "set")
        {
            throw new StreamErrorException("not-authorized", "Bind a resource before sending stanzas.");
        }

        CountAttempt();
        IStreamSession session;
        try
        {
            session = await Services.Sessions.Bind(_authenticated!, bind.Child("resource")?.Text(), Connection);
        }
        catch (StanzaErrorException error)
        {
            await Refuse(iq, error, cancellationToken);
            return;
        }

        Bound(session);
        // Whatever others send from this moment on waits behind the result: the client knows its address first.
        await Send(StanzaReply.Result(iq, new Element("bind", Ns.Bind).Add("jid", session.Jid.Text)), cancellationToken);
        session.Attach(Output);
    }

    private async ValueTask Resume(Element resume, CancellationToken cancellationToken)
    {
        var wanted = ReadResume(resume) ?? throw new StreamErrorException("bad-format", "A resume needs 'previd' and a number 'h'.");
        CountAttempt();
        var resumed = await Services.Sessions.Resume(_authenticated!, wanted.Id, wanted.Handled, Connection, cancellationToken);
        if (resumed.Session is { } session)
        {
            Bound(session);
        }

        await Send(Answer(wanted.Id, resumed), cancellationToken);
        resumed.Session?.Attach(Output);
    }

    private static (string Id, uint Handled)? ReadResume(Element resume) =>
        resume["previd"] is { } id && uint.TryParse(resume["h"], NumberStyles.None, CultureInfo.InvariantCulture, out var handled) ? (id, handled) : null;

    private static Element Answer(string id, ResumedStream resumed)
    {
        var handled = resumed.Handled?.ToString(CultureInfo.InvariantCulture);
        return resumed.Session is null
            ? NotManaged(StanzaCondition.ItemNotFound).Set("h", handled)
            : new Element("resumed", Ns.StreamManagement).Set("previd", id).Set("h", handled);
    }

    private static Element NotManaged(StanzaCondition condition) =>
        new Element("failed", Ns.StreamManagement).Add(new Element(condition.Name, Ns.StanzaErrors));

    private void CountAttempt()
    {
        if (++_bindAttempts > 5)
        {
            throw new StreamErrorException("policy-violation", "Too many attempts to bind a resource.");
        }
    }
}
