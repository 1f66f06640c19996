using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>The stream of a server that connected to us: header, STARTTLS, then SASL EXTERNAL (XEP-0178) or dialback (XEP-0220), one pair of domains or several.</summary>
internal sealed class IncomingStream : PeerStream
{
    private const int MaxFailures = 3;
    private readonly IncomingPeers _incoming;
    private string _id = "";
    private string? _certified;
    private int _verifying;
    private int _failures;
    private bool _isHeaderExpected = true;
    private bool _isKnown;

    public IncomingStream(Peers peers, IncomingPeers incoming, IStreamTransport transport, StreamConnection connection, StreamOutput output)
        : base(peers, transport, connection, output)
    {
        _incoming = incoming;
        State = peers.IsDevelopment(Address) ? StreamState.Unauthenticated : StreamState.Unsecured;
        Peers.Opened(this);
    }

    public override TimeSpan Timeout => Peers.Options.MaxUnknown;

    private bool IsSecured => Tls is not null;

    public override Task<SecuredTransport> Secure(Stream transport, bool isDirect, CancellationToken cancellationToken) =>
        SecuredTransport.Accept(transport, Services.Certificates, PeerFinder.Ascii(Domain), isDirect, cancellationToken, isPeer: true);

    public override void Secured(SecuredTransport secured)
    {
        base.Secured(secured);
        State = StreamState.Unauthenticated;
        ExpectHeader();
    }

    protected override void WriteHeader()
    {
        Frame.WriteOpening(Output.Buffer, Domain, _id = StanzaId.New(), PeerDomain.Length == 0 ? null : PeerDomain, version: true);
        IsHeaderSent = true;
        _isHeaderExpected = false;
    }

    protected override bool IsCertified(string domain) => domain == _certified;

    protected override void Ended()
    {
        Peers.Closed(this);
        Known();
    }

    private void ExpectHeader()
    {
        IsHeaderSent = false;
        _isHeaderExpected = true;
        Frame.Restart();
    }

    protected override async ValueTask<StreamOutcome> Open(Element header, string? contentNamespace, CancellationToken cancellationToken)
    {
        if (!_isHeaderExpected)
        {
            throw new StreamErrorException("policy-violation", "The stream is open already.");
        }

        var error = ErrorIn(header, contentNamespace);
        await Ready(cancellationToken);
        WriteHeader();
        if (error is not null)
        {
            throw error;
        }

        Output.Write(Features());
        if (_certified is not null)
        {
            // Only now may anybody else write here.
            var pair = new DomainPair(_certified, Domain);
            Accept(pair, "EXTERNAL");
            Peers.Heard(pair, IsBidirectional ? this : null);
        }

        return StreamOutcome.Continue;
    }

    private StreamErrorException? ErrorIn(Element header, string? contentNamespace)
    {
        var wasFrom = PeerDomain;
        if (contentNamespace != Frame.ContentNamespace)
        {
            return new StreamErrorException("invalid-namespace", $"This port speaks {Frame.ContentNamespace}.");
        }

        if (header["from"] is { } asked)
        {
            if (!Jid.TryParse(asked, out var from) || from.Text != from.Domain || Peers.IsOurs(from.Domain))
            {
                return new StreamErrorException("invalid-from", "The 'from' of a server is its own domain.");
            }

            PeerDomain = from.Domain;
        }

        if (header["to"] is { } meant)
        {
            if (!Jid.TryParse(meant, out var to))
            {
                return new StreamErrorException("improper-addressing", "The address in 'to' is not valid.");
            }

            if (to.Text != to.Domain || !Peers.IsOurs(to.Domain))
            {
                return new StreamErrorException("host-unknown");
            }

            Domain = to.Domain;
        }

        return _certified is not null && wasFrom != PeerDomain ? new StreamErrorException("invalid-from", "A stream goes on from the domain that was authenticated.")
            : StreamFrame.MajorVersion(header) < 1 ? new StreamErrorException("unsupported-version")
            : PeerDomain.Length > 0 && !Peers.Options.MayTalkTo(PeerDomain) ? Blocked()
            : null;
    }

    public static StreamErrorException Blocked() => new("policy-violation", "This server does not talk to yours.");

    private Element Features()
    {
        var features = new Element("features", Ns.Streams);
        if (State == StreamState.Unsecured)
        {
            return features.Add(new Element("starttls", Ns.Tls).Add(new Element("required", Ns.Tls)));
        }

        if (!IsSecured)
        {
            features.Add(new Element("starttls", Ns.Tls));
        }

        if (_certified is null)
        {
            // XEP-0178 §3: offered only to whom it will succeed.
            if (IsSecured && PeerDomain.Length > 0 && CertificateProblem(PeerDomain) is null)
            {
                features.Add(new Element("mechanisms", Ns.Sasl).Add("mechanism", "EXTERNAL"));
            }

            features.Add(new Element("bidi", Ns.BidiFeature));
        }

        return features
            .Add(new Element("dialback", Ns.DialbackFeature).Add(new Element("errors", Ns.DialbackFeature)))
            .Add(new Element("limits", Ns.StreamLimits).Add("max-bytes", $"{Services.Options.Limits.StanzaBytes}"));
    }

    protected override async ValueTask<StreamOutcome> Take(Element element, bool more, CancellationToken cancellationToken)
    {
        if (_isHeaderExpected)
        {
            throw new StreamErrorException("policy-violation", "A stream has to be opened first.");
        }

        switch (element.Name, element.Namespace)
        {
            case ("message" or "presence" or "iq", Ns.Server):
                await Receive(element);
                return StreamOutcome.Continue;
            case ("starttls", Ns.Tls) when !IsSecured:
                if (more)
                {
                    throw new StreamErrorException("policy-violation", "Nothing may follow starttls before the TLS handshake.");
                }

                await Send(new Element("proceed", Ns.Tls), cancellationToken);
                return StreamOutcome.Secure;
            case ("error", Ns.Streams):
                return EndedBy(element);
            case ("result", Ns.Dialback) when element["type"] is null:
                Authorize(element);
                return StreamOutcome.Continue;
            case ("verify", Ns.Dialback):
                Verify(element);
                return StreamOutcome.Continue;
            case ("auth" or "response", Ns.Sasl) when IsSecured && _certified is null && Session is null:
                Authenticate(element);
                return StreamOutcome.Continue;
            case ("bidi", Ns.Bidi) when State == StreamState.Unauthenticated && Session is null:
                IsBidirectional = true;
                return StreamOutcome.Continue;
            default:
                throw new StreamErrorException(element.Namespace == Ns.Dialback ? "policy-violation" : "unsupported-stanza-type");
        }
    }

    private void Authenticate(Element element)
    {
        if (element.Name == "auth" && element["mechanism"] != "EXTERNAL")
        {
            Fail("invalid-mechanism");
            return;
        }

        if (!SaslContent.TryRead(element, out var data))
        {
            Fail("incorrect-encoding");
            return;
        }

        if (element.Name == "auth" && data is null)
        {
            // No initial response is not the same as an empty one.
            Say(SaslContent.Write("challenge", null));
            return;
        }

        var identity = data is { Length: > 0 } ? Encoding.UTF8.GetString(data) : PeerDomain;
        if (PeerDomain.Length == 0 || Jid.NormalizeDomain(identity) != PeerDomain || CertificateProblem(PeerDomain) is not null)
        {
            Fail("not-authorized");
            return;
        }

        _certified = PeerDomain;
        Say(SaslContent.Write("success", null));
        ExpectHeader();
    }

    private void Fail(string condition)
    {
        if (++_failures > MaxFailures)
        {
            throw new StreamErrorException("policy-violation", "Too many failed attempts on this stream.");
        }

        Say(new Element("failure", Ns.Sasl).Add(new Element(condition, Ns.Sasl)));
    }

    // XEP-0220 §2.2.1
    private void Authorize(Element asked)
    {
        if (!TryRead(asked, out var pair) || Peers.IsOurs(pair.From))
        {
            throw new StreamErrorException("improper-addressing");
        }

        if (!Peers.Options.MayTalkTo(pair.From))
        {
            throw Blocked();
        }

        var problem = CertificateProblem(pair.From);
        var refusal = !IsSecured && State == StreamState.Unsecured ? StanzaCondition.PolicyViolation
            : !Peers.IsOurs(pair.To) ? StanzaCondition.ItemNotFound
            : Verified.Count >= Peers.Options.MaxPairs || Volatile.Read(ref _verifying) >= Peers.Options.MaxVerifying ? StanzaCondition.ResourceConstraint
            : problem is not null && Peers.Options.NeedsCertificate(pair.From) ? StanzaCondition.NotAuthorized
            : null;
        if (refusal is not null)
        {
            Say(Dialback.Answer(asked, refusal));
        }
        else if (problem is null)
        {
            // XEP-0344: the certificate says the same, and more surely.
            Welcome(asked, pair, "certificate");
        }
        else
        {
            Interlocked.Increment(ref _verifying);
            _ = Conclude(asked, pair, Peers.Verify(pair.Back, _id, asked.Text().Trim()));
        }
    }

    private async Task Conclude(Element asked, DomainPair pair, Task<DialbackVerdict> verifying)
    {
        var verdict = await verifying;
        Interlocked.Decrement(ref _verifying);
        switch (verdict)
        {
            case DialbackVerdict.Valid:
                Welcome(asked, pair, "dialback");
                return;
            case DialbackVerdict.Invalid when Verified.Count > 0:
                Say(Dialback.Answer(asked, StanzaCondition.Forbidden));
                return;
            case DialbackVerdict.Invalid:
                Say(Dialback.Answer(asked, verdict));
                Connection.TakeLeave();
                return;
            default:
                Say(Dialback.Answer(asked, verdict));
                return;
        }
    }

    // In this order: it is told when it may send, and hears nothing of others before.
    private void Welcome(Element asked, DomainPair pair, string by)
    {
        Accept(pair, by);
        Say(Dialback.Answer(asked, DialbackVerdict.Valid));
        Peers.Heard(pair, IsBidirectional ? this : null);
    }

    private void Accept(DomainPair pair, string by)
    {
        if (PeerDomain.Length == 0)
        {
            PeerDomain = pair.From;
        }

        Known();
        Admit(pair, by);
    }

    // It no longer counts among those that have not said who they are.
    private void Known()
    {
        if (!_isKnown)
        {
            _isKnown = true;
            _incoming.Known(Address);
        }
    }
}
