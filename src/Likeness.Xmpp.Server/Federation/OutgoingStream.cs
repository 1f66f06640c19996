using System.Globalization;
using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>The stream to a server that we connected to: STARTTLS, then SASL EXTERNAL, else dialback; or only to have keys verified.</summary>
internal sealed class OutgoingStream : PeerStream
{
    private readonly DomainPair _pair;
    private readonly bool _isForKeys;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _deadline;
    private Step _step;
    private string _id = "";
    private bool _hasDialback;
    private bool _isAuthenticated;

    /// <param name="pair">From ours to the peer's.</param>
    /// <param name="isForKeys">It is not for stanzas: nobody has to know who we are.</param>
    public OutgoingStream(Peers peers, DomainPair pair, bool isForKeys, IStreamTransport transport, StreamConnection connection, StreamOutput output)
        : base(peers, transport, connection, output)
    {
        _pair = pair;
        _isForKeys = isForKeys;
        Domain = pair.From;
        PeerDomain = pair.To;
        State = StreamState.Unsecured;
        _deadline = peers.Time.CreateTimer(static late => ((OutgoingStream)late!).IsLate(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
        Peers.Opened(this);
    }

    private enum Step
    {
        Tls,
        Header,
        Features,
        Proceed,
        Authentication,
        Open,
    }

    public override bool IsOurs => true;

    // Its own deadlines are shorter.
    public override TimeSpan Timeout => Peers.Options.MaxWait;

    /// <summary>Completes when it can be used; throws <see cref="PeerUnreachableException"/>.</summary>
    public Task Ready() => _ready.Task;

    public override void Begin() => OpenStream();

    public override Task<SecuredTransport> Secure(Stream transport, bool isDirect, CancellationToken cancellationToken) =>
        SecuredTransport.Connect(transport, Services.Certificates(PeerFinder.Ascii(_pair.From)), PeerFinder.Ascii(_pair.To), isDirect, cancellationToken);

    public override void Secured(SecuredTransport secured)
    {
        base.Secured(secured);
        State = StreamState.Unauthenticated;
        OpenStream();
    }

    public override void Lost(Exception reason) => Fail(reason switch
    {
        StreamErrorException error => $"what it says is wrong ({error.Condition})",
        OperationCanceledException => "it does not answer in time",
        _ when _step == Step.Tls => "TLS with it fails",
        _ => "the connection was lost",
    });

    protected override bool IsCertified(string domain) => false;

    protected override void WriteHeader()
    {
        Frame.WriteOpening(Output.Buffer, _pair.From, "", _pair.To, version: true);
        IsHeaderSent = true;
    }

    protected override void Ended()
    {
        Peers.Closed(this);
        _deadline.Dispose();
        _ready.TrySetException(new PeerUnreachableException(EndReason is { } condition ? $"it ends the stream ({condition})" : "it closes the connection", EndReason is "host-unknown" or "host-gone")
        {
            BeginsAnew = EndReason == "reset",
        });
    }

    private void OpenStream()
    {
        Expect(Step.Header, Peers.Options.AnswerTimeout);
        Frame.Restart();
        WriteHeader();
        Output.Flush();
    }

    private void Expect(Step step, TimeSpan within)
    {
        _step = step;
        _deadline.Change(within, System.Threading.Timeout.InfiniteTimeSpan);
    }

    private void IsLate()
    {
        if (!_ready.Task.IsCompleted)
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"it does not answer in time ({_step.ToString().ToLowerInvariant()})"));
            Connection.TakeLeave();
        }
    }

    private void Fail(string reason) => _ready.TrySetException(new PeerUnreachableException(reason));

    protected override ValueTask<StreamOutcome> Open(Element header, string? contentNamespace, CancellationToken cancellationToken)
    {
        if (_step != Step.Header || contentNamespace != Ns.Server)
        {
            throw new StreamErrorException("invalid-namespace");
        }

        _id = header["id"] ?? "";
        if (StreamFrame.MajorVersion(header) >= 1)
        {
            Expect(Step.Features, Peers.Options.AnswerTimeout);
            return new(StreamOutcome.Continue);
        }

        _hasDialback = true;
        return new(Proceed(new Element("features", Ns.Streams)));
    }

    protected override async ValueTask<StreamOutcome> Take(Element element, bool more, CancellationToken cancellationToken)
    {
        switch (element.Name, element.Namespace)
        {
            case ("error", Ns.Streams):
                return EndedBy(element);
            case ("features", Ns.Streams) when _step == Step.Features:
                return Proceed(element);
            case ("proceed", Ns.Tls) when _step == Step.Proceed:
                Expect(Step.Tls, Peers.Options.AnswerTimeout);
                return StreamOutcome.Secure;
            case ("challenge", Ns.Sasl) when _step == Step.Authentication:
                Output.Write(SaslContent.Write("response", Encoding.UTF8.GetBytes(_pair.From)));
                return StreamOutcome.Continue;
            case ("success", Ns.Sasl) when _step == Step.Authentication:
                _isAuthenticated = true;
                AuthenticatedBy = "EXTERNAL";
                OpenStream();
                return StreamOutcome.Continue;
            case ("failure", Ns.Sasl) when _step == Step.Authentication:
                return DialBack();
            case ("result", Ns.Dialback) when _step == Step.Authentication && element["type"] is not null:
                return Result(element);
            case ("result", Ns.Dialback) when element["type"] is null:
                Say(Dialback.Answer(element, StanzaCondition.ResourceConstraint));
                return StreamOutcome.Continue;
            case ("verify", Ns.Dialback):
                Verify(element);
                return StreamOutcome.Continue;
            case ("message" or "presence" or "iq", Ns.Server) when IsBidirectional || !_isAuthenticated:
                await Receive(element);
                return StreamOutcome.Continue;
            default:
                throw new StreamErrorException(element.Namespace == Ns.Dialback || _isAuthenticated ? "policy-violation" : "unsupported-stanza-type");
        }
    }

    // What to do about what the peer offers.
    private StreamOutcome Proceed(Element features)
    {
        if (Tls is null && features.Child("starttls", Ns.Tls) is not null)
        {
            Expect(Step.Proceed, Peers.Options.AnswerTimeout);
            Output.Write(new Element("starttls", Ns.Tls));
            return StreamOutcome.Continue;
        }

        if (Tls is null && !Peers.IsDevelopment(Address))
        {
            return End("it does without TLS");
        }

        var problem = CertificateProblem(_pair.To);
        if (problem is not null && Peers.Options.NeedsCertificate(_pair.To))
        {
            return End(problem);
        }

        if (_isForKeys || _isAuthenticated)
        {
            return Use();
        }

        _hasDialback |= features.Child("dialback", Ns.DialbackFeature) is not null;
        var mechanisms = features.Child("mechanisms", Ns.Sasl);
        if (problem is null && features.Child("bidi", Ns.BidiFeature) is not null)
        {
            // Who it is we know by its certificate: it may answer on the same stream (XEP-0288).
            IsBidirectional = true;
            Output.Write(new Element("bidi", Ns.Bidi));
        }

        if (mechanisms is null || !mechanisms.Any(mechanism => mechanism.Text() == "EXTERNAL"))
        {
            return DialBack(isOnlyWay: true);
        }

        Expect(Step.Authentication, Peers.Options.AuthenticationTimeout);
        Output.Write(SaslContent.Write("auth", Encoding.UTF8.GetBytes(_pair.From)).Set("mechanism", "EXTERNAL"));
        return StreamOutcome.Continue;
    }

    // Servers from before the stream feature announce it by a prefix in their header only: where there is no other way it is tried.
    private StreamOutcome DialBack(bool isOnlyWay = false)
    {
        if (!_hasDialback && !isOnlyWay)
        {
            return End("it does not accept our certificate");
        }

        Expect(Step.Authentication, Peers.Options.AuthenticationTimeout);
        Output.Write(Dialback.Element("result", _pair).Add(Peers.Dialback.KeyFor(_pair.To, _pair.From, _id)));
        return StreamOutcome.Continue;
    }

    private StreamOutcome Result(Element result)
    {
        if (!TryRead(result, out var pair) || pair != _pair.Back)
        {
            throw new StreamErrorException("policy-violation", "Nobody asked for this.");
        }

        if (result["type"] == "valid")
        {
            AuthenticatedBy = "dialback";
            return Use();
        }

        return result["type"] == "invalid"
            ? End("it does not believe who we are")
            : End($"it could not find out who we are ({Dialback.ConditionOf(result)})");
    }

    private StreamOutcome Use()
    {
        _isAuthenticated = true;
        _step = Step.Open;
        _deadline.Change(System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
        if (IsBidirectional)
        {
            Admit(_pair.Back, AuthenticatedBy ?? "");
        }
        else
        {
            Open();
        }

        _ready.TrySetResult();
        return StreamOutcome.Continue;
    }

    private StreamOutcome End(string reason)
    {
        Fail(reason);
        return StreamOutcome.Ended;
    }
}
