using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
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
    private int _bindAttempts;
    private bool _isHeaderExpected = true;

    public StreamNegotiation(StreamServices services, StreamConnection connection, StreamOutput output, IStreamTransport transport)
        : base(services, connection, output)
    {
        _transport = transport;
        _certificate = transport.Certificate;
        State = !transport.StartsTls || services.Options.IsDevelopment(transport.Address ?? IPAddress.None) ? StreamState.Unauthenticated : StreamState.Unsecured;
    }

    public override async ValueTask<StreamOutcome> Handle(StreamEvent read, bool more, CancellationToken cancellationToken)
    {
        switch (read.Kind)
        {
            case StreamEventKind.StreamOpened:
                await Open(read.Element!, read.ContentNamespace, cancellationToken);
                return StreamOutcome.Continue;
            case StreamEventKind.StreamClosed:
                return StreamOutcome.Ended;
            default:
                return await Take(read.Element!, more, cancellationToken);
        }
    }

    public override void Secured(SecuredTransport secured)
    {
        (_certificate, _exporter) = (secured.Certificate, secured.Exporter);
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
        Frame.Restart();
    }

    private async ValueTask Open(Element header, string? contentNamespace, CancellationToken cancellationToken)
    {
        if (!_isHeaderExpected)
        {
            throw new StreamErrorException("policy-violation", "The stream is open already.");
        }

        var error = Frame.ErrorIn(header, contentNamespace, Services.Domains, out var domain);
        Domain = domain;
        var initiator = Jid.TryParse(header["from"], out var from) ? from.BareText : null;
        await Ready(cancellationToken);
        WriteHeader(initiator, version: StreamFrame.MajorVersion(header) >= 1);
        if (error is not null)
        {
            throw error;
        }

        if (State == StreamState.Unauthenticated)
        {
            _sasl = new SaslNegotiation(Services.Authentication, Domain, _certificate, _exporter, Address);
        }

        var offer = Services.Features.Offer(State, _sasl?.Context, IsSecured);
        _sasl?.Announce(offer.Announced!);
        Output.Buffer.Write(offer.Features);
        Output.Flush();
    }

    protected override void WriteHeader() => WriteHeader(null, version: true);

    private void WriteHeader(string? initiator, bool version)
    {
        Frame.WriteOpening(Output.Buffer, Domain, StanzaId.New(), initiator, version);
        Output.EndElement();
        IsHeaderSent = true;
        _isHeaderExpected = false;
    }

    private async ValueTask<StreamOutcome> Take(Element element, bool more, CancellationToken cancellationToken)
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
            case StreamStep.EarlyIq:
                await AnswerEarly(element, cancellationToken);
                return StreamOutcome.Continue;
            case StreamStep.Resume:
                await Resume(element, rule, cancellationToken);
                return StreamOutcome.Continue;
            case StreamStep.Unexpected:
                await Send(NotManaged(StanzaCondition.UnexpectedRequest), cancellationToken);
                return StreamOutcome.Continue;
            default:
                await Bind(element, rule, cancellationToken);
                return StreamOutcome.Continue;
        }
    }

    private async ValueTask Authenticate(Element element, StreamRule rule, CancellationToken cancellationToken)
    {
        await Send(await _sasl!.Handle(element), cancellationToken);
        if (_sasl.Authenticated is { } account)
        {
            _authenticated = account;
            State = rule.Next;
            Frame.Trust();
            ExpectHeader();
        }
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

    private async ValueTask Bind(Element iq, StreamRule rule, CancellationToken cancellationToken)
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

        Bind(session);
        State = rule.Next;
        // Whatever others send from this moment on waits behind the result: the client knows its address first.
        await Send(StanzaReply.Result(iq, new Element("bind", Ns.Bind).Add("jid", session.Jid.Text)), cancellationToken);
        session.Attach(Output);
    }

    private async ValueTask Resume(Element resume, StreamRule rule, CancellationToken cancellationToken)
    {
        if (resume["previd"] is not { } id || !uint.TryParse(resume["h"], NumberStyles.None, CultureInfo.InvariantCulture, out var handled))
        {
            throw new StreamErrorException("bad-format", "A resume needs 'previd' and a number 'h'.");
        }

        CountAttempt();
        var resumed = await Services.Sessions.Resume(_authenticated!, id, handled, Connection, cancellationToken);
        if (resumed.Session is not { } session)
        {
            await Send(NotManaged(StanzaCondition.ItemNotFound).Set("h", resumed.Handled?.ToString(CultureInfo.InvariantCulture)), cancellationToken);
            return;
        }

        Bind(session);
        State = rule.Next;
        await Send(new Element("resumed", Ns.StreamManagement).Set("previd", id).Set("h", $"{resumed.Handled}"), cancellationToken);
        session.Attach(Output);
    }

    private static Element NotManaged(StanzaCondition condition) =>
        new Element("failed", Ns.StreamManagement).Add(new Element(condition.Name, Ns.StanzaErrors));

    // C-62
    private void CountAttempt()
    {
        if (++_bindAttempts > 5)
        {
            throw new StreamErrorException("policy-violation", "Too many attempts to bind a resource.");
        }
    }
}
