using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the connection has to do after an event was handled.</summary>
internal enum StreamOutcome
{
    Continue,
    Secure,
    Bound,
    Ended,
}

/// <summary>The talk on one stream: header, features, STARTTLS, SASL, binding, then stanzas to the router (RFC 6120 §4–§7).</summary>
internal sealed class StreamNegotiation(
    StreamServices services,
    StreamOutput output,
    XmlStreamReader reader,
    IPAddress address,
    Action<StreamErrorException> close)
{
    private SaslNegotiation? _sasl;
    private X509Certificate2? _certificate;
    private Jid? _authenticated;
    private Session? _session;
    private int _bindAttempts;
    private bool _isHeaderSent;
    private bool _isHeaderExpected = true;
    private bool _isClosed;

    public StreamState State { get; private set; } = services.Options.IsDevelopment(address)
        ? StreamState.Unauthenticated
        : StreamState.Unsecured;

    /// <summary>The served domain the stream is for; known from the header on.</summary>
    public string Domain { get; private set; } = services.Domains.Default.Domain;

    public async ValueTask<StreamOutcome> Handle(StreamEvent read)
    {
        switch (read.Kind)
        {
            case StreamEventKind.StreamOpened:
                Open(read.Element!, read.ContentNamespace);
                return StreamOutcome.Continue;
            case StreamEventKind.StreamClosed:
                return StreamOutcome.Ended;
            default:
                return await Take(read.Element!);
        }
    }

    /// <summary>TLS is up: everything said before counts no more.</summary>
    public void Secured(X509Certificate2 certificate)
    {
        _certificate = certificate;
        State = StreamState.Unauthenticated;
        ExpectHeader();
    }

    public void SendStreamError(StreamErrorException error)
    {
        if (_isClosed)
        {
            return;
        }

        if (!_isHeaderSent)
        {
            // RFC 6120 §4.9.1.2: the error travels inside a stream.
            SendHeader(null, version: true);
        }

        output.Write(error.ToElement());
        SendClosing();
    }

    /// <summary>The stream is over: takes leave of whoever saw the session, closes our side.</summary>
    public async ValueTask End()
    {
        if (_session is { } session)
        {
            _session = null;
            await services.Binding.Release(session);
        }

        SendClosing();
    }

    private void ExpectHeader()
    {
        _isHeaderSent = false;
        _isHeaderExpected = true;
        _sasl = null;
    }

    private void SendClosing()
    {
        if (_isHeaderSent && !_isClosed)
        {
            output.WriteRaw(StreamHeader.Closing);
        }

        _isClosed = true;
    }

    private void Open(Element header, string? contentNamespace)
    {
        if (!_isHeaderExpected)
        {
            throw new StreamErrorException("not-well-formed");
        }

        var error = StreamHeader.ErrorIn(header, contentNamespace, services.Domains);
        if (error is null)
        {
            Domain = StreamHeader.DomainOf(header, services.Domains);
        }

        var initiator = Jid.TryParse(header["from"], out var from) ? from.BareText : null;
        SendHeader(initiator, version: StreamHeader.MajorVersion(header) >= 1);
        if (error is not null)
        {
            throw error;
        }

        output.Write(StreamFeatures.Offer(services, State, Domain, _certificate));
    }

    private void SendHeader(string? initiator, bool version)
    {
        output.WriteRaw(StreamHeader.Opening(Domain, StanzaId.New(), initiator, version));
        _isHeaderSent = true;
        _isHeaderExpected = false;
    }

    private async ValueTask<StreamOutcome> Take(Element element)
    {
        switch (StreamGrammar.StepFor(State, element))
        {
            case StreamStep.Stanza:
                await services.Router.Handle(_session!, element);
                return StreamOutcome.Continue;
            case StreamStep.StartTls when _certificate is null:
                output.Write(new Element("proceed", Ns.Tls));
                return StreamOutcome.Secure;
            case StreamStep.Sasl:
                await Authenticate(element);
                return StreamOutcome.Continue;
            case StreamStep.EarlyIq:
                await AnswerEarly(element);
                return StreamOutcome.Continue;
            case StreamStep.Bind:
                return await Bind(element);
            default:
                throw new StreamErrorException("unsupported-stanza-type");
        }
    }

    private async ValueTask Authenticate(Element element)
    {
        _sasl ??= new SaslNegotiation(services.Authentication, Domain, _certificate, address);
        var reply = await _sasl.Handle(element);
        output.Write(reply);
        if (_sasl.Authenticated is { } account)
        {
            _authenticated = account;
            State = StreamState.Unbound;
            reader.MaxStanzaBytes = services.Options.Limits.StanzaBytes;
            reader.Reset();
            ExpectHeader();
        }
    }

    private async ValueTask AnswerEarly(Element iq)
    {
        var payload = iq.FirstChild();
        if (payload is null || !services.Features.EarlyIqs.TryGetValue(payload.Namespace, out var handler))
        {
            throw new StreamErrorException("not-authorized", "Authenticate before sending stanzas.");
        }

        try
        {
            output.Write(StanzaReply.Result(iq, await handler(new EarlyIqRequest(iq, payload, Domain, address))));
        }
        catch (StanzaErrorException error)
        {
            Refuse(iq, error);
        }
    }

    private void Refuse(Element iq, StanzaErrorException error)
    {
        if (StanzaReply.Error(iq, error) is { } reply)
        {
            output.Write(reply);
        }
    }

    private async ValueTask<StreamOutcome> Bind(Element iq)
    {
        if (iq.FirstChild() is not { } bind || !bind.Is("bind", Ns.Bind) || iq["type"] != "set")
        {
            throw new StreamErrorException("not-authorized", "Bind a resource before sending stanzas.");
        }

        // C-62
        if (++_bindAttempts > 5)
        {
            throw new StreamErrorException("policy-violation", "Too many attempts to bind a resource.");
        }

        try
        {
            _session = await services.Binding.Bind(_authenticated!, bind.Child("resource")?.Text(), output, close);
        }
        catch (StanzaErrorException error)
        {
            Refuse(iq, error);
            return StreamOutcome.Continue;
        }

        State = StreamState.Bound;
        output.Write(StanzaReply.Result(iq, new Element("bind", Ns.Bind).Add("jid", _session.Jid.Text)));
        return StreamOutcome.Bound;
    }
}
