using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Xml;
using Microsoft.AspNetCore.Connections;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the connection has to do after an event was handled.</summary>
internal enum StreamOutcome
{
    Continue,
    Secure,
    Ended,
}

/// <summary>The talk on one stream, whoever the peer is.</summary>
internal interface IStreamNegotiation
{
    StreamState State { get; }

    /// <summary>The domain the stream is for; known from the header on.</summary>
    string Domain { get; }

    /// <summary>Set once stanzas may be sent, until the stream ends.</summary>
    IStreamSession? Session { get; }

    /// <param name="more">Bytes other than white space have come behind the event.</param>
    ValueTask<StreamOutcome> Handle(StreamEvent read, bool more, CancellationToken cancellationToken);

    /// <summary>TLS is up: everything said before counts no more.</summary>
    void Secured(X509Certificate2 certificate);

    /// <summary>The stream is over: its session ends.</summary>
    ValueTask Leave(StreamEnd end);

    /// <summary>Our last words. The output must be ready and nobody else writing.</summary>
    void SayGoodbye(StreamErrorException? error);
}

/// <summary>The talk on one stream of a client: header, features, STARTTLS, SASL, binding, then stanzas to the session (RFC 6120 §4–§7).</summary>
internal sealed class StreamNegotiation(StreamServices services, StreamConnection connection, StreamOutput output, IStreamTransport transport) : IStreamNegotiation
{
    private readonly StreamFrame _frame = output.Frame;
    private SaslNegotiation? _sasl;
    private X509Certificate2? _certificate = transport.Certificate;
    private Jid? _authenticated;
    private IStreamSession? _session;
    private int _bindAttempts;
    private bool _isHeaderSent;
    private bool _isHeaderExpected = true;

    public StreamState State { get; private set; } = !transport.StartsTls || services.Options.IsDevelopment(transport.Address ?? IPAddress.None)
        ? StreamState.Unauthenticated
        : StreamState.Unsecured;

    public string Domain { get; private set; } = services.Domains.Default.Domain;

    public IStreamSession? Session => Volatile.Read(ref _session);

    public async ValueTask<StreamOutcome> Handle(StreamEvent read, bool more, CancellationToken cancellationToken)
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

    public void Secured(X509Certificate2 certificate)
    {
        _certificate = certificate;
        State = StreamState.Unauthenticated;
        ExpectHeader();
    }

    public ValueTask Leave(StreamEnd end)
    {
        var session = Interlocked.Exchange(ref _session, null);
        return session is null ? default : session.End(connection, end);
    }

    public void SayGoodbye(StreamErrorException? error)
    {
        if (error is not null)
        {
            if (!_isHeaderSent)
            {
                // RFC 6120 §4.9.1.2: the error travels inside a stream.
                WriteHeader(null, version: true);
            }

            _frame.Write(output.Buffer, error.ToElement());
            output.EndElement();
        }

        if (_isHeaderSent || _frame.IsDelimited)
        {
            _frame.WriteClosing(output.Buffer, _isHeaderSent);
            output.Flush();
        }
    }

    private IPAddress Address => transport.Address ?? IPAddress.None;

    private bool IsSecured => _certificate is not null || !transport.StartsTls;

    private void ExpectHeader()
    {
        _isHeaderSent = false;
        _isHeaderExpected = true;
        _sasl = null;
        _frame.Restart();
    }

    private async ValueTask Open(Element header, string? contentNamespace, CancellationToken cancellationToken)
    {
        if (!_isHeaderExpected)
        {
            throw new StreamErrorException("policy-violation", "The stream is open already.");
        }

        var error = _frame.ErrorIn(header, contentNamespace, services.Domains, out var domain);
        Domain = domain;
        var initiator = Jid.TryParse(header["from"], out var from) ? from.BareText : null;
        await Ready(cancellationToken);
        WriteHeader(initiator, version: StreamFrame.MajorVersion(header) >= 1);
        if (error is not null)
        {
            throw error;
        }

        output.Write(StreamFeatures.Offer(services, State, Domain, _certificate, IsSecured));
    }

    private void WriteHeader(string? initiator, bool version)
    {
        _frame.WriteOpening(output.Buffer, Domain, StanzaId.New(), initiator, version);
        output.EndElement();
        _isHeaderSent = true;
        _isHeaderExpected = false;
    }

    private async ValueTask<StreamOutcome> Take(Element element, bool more, CancellationToken cancellationToken)
    {
        if (_isHeaderExpected)
        {
            throw new StreamErrorException("policy-violation", "A stream has to be opened first.");
        }

        var rule = StreamGrammar.RuleFor(_frame.Role, State, element, IsSecured);
        switch (rule.Step)
        {
            case StreamStep.Stanza:
                await _session!.Receive(element);
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
        _sasl ??= new SaslNegotiation(services.Authentication, Domain, _certificate, Address);
        await Send(await _sasl.Handle(element), cancellationToken);
        if (_sasl.Authenticated is { } account)
        {
            _authenticated = account;
            State = rule.Next;
            _frame.Trust();
            ExpectHeader();
        }
    }

    private async ValueTask AnswerEarly(Element iq, CancellationToken cancellationToken)
    {
        var payload = iq.FirstChild();
        if (payload is null || !services.Extensions.EarlyIqs.TryGetValue(payload.Namespace, out var handler))
        {
            throw new StreamErrorException("not-authorized", "Authenticate before sending stanzas.");
        }

        try
        {
            await Send(StanzaReply.Result(iq, await handler(new EarlyIqRequest(iq, payload, Domain, Address))), cancellationToken);
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
            session = await services.Sessions.Bind(_authenticated!, bind.Child("resource")?.Text(), connection);
        }
        catch (StanzaErrorException error)
        {
            await Refuse(iq, error, cancellationToken);
            return;
        }

        Volatile.Write(ref _session, session);
        State = rule.Next;
        // Whatever others send from this moment on waits behind the result: the client knows its address first.
        await Send(StanzaReply.Result(iq, new Element("bind", Ns.Bind).Add("jid", session.Jid.Text)), cancellationToken);
        session.Attach(output);
    }

    private async ValueTask Resume(Element resume, StreamRule rule, CancellationToken cancellationToken)
    {
        if (resume["previd"] is not { } id || !uint.TryParse(resume["h"], NumberStyles.None, CultureInfo.InvariantCulture, out var handled))
        {
            throw new StreamErrorException("bad-format", "A resume needs 'previd' and a number 'h'.");
        }

        CountAttempt();
        var resumed = await services.Sessions.Resume(_authenticated!, id, handled, connection, cancellationToken);
        if (resumed.Session is not { } session)
        {
            await Send(NotManaged(StanzaCondition.ItemNotFound).Set("h", resumed.Handled?.ToString(CultureInfo.InvariantCulture)), cancellationToken);
            return;
        }

        Volatile.Write(ref _session, session);
        State = rule.Next;
        await Send(new Element("resumed", Ns.StreamManagement).Set("previd", id).Set("h", $"{resumed.Handled}"), cancellationToken);
        session.Attach(output);
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

    private async ValueTask Send(Element element, CancellationToken cancellationToken)
    {
        await Ready(cancellationToken);
        output.Write(element);
    }

    private async ValueTask Ready(CancellationToken cancellationToken)
    {
        if (!await output.Ready(cancellationToken))
        {
            throw new ConnectionAbortedException();
        }
    }
}
