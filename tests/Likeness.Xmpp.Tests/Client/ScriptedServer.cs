using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client;

/// <summary>A server for one connection on loopback: logs <c>ada</c>/<c>pencil</c> in, then lets the script answer.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly Lazy<X509Certificate2> SharedCertificate = new(MakeCertificate);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly XmlStreamReader _xml = new(new StreamLimits { StanzaBytesBeforeAuthentication = 1 << 20 });
    private Stream? _stream;
    private PipeReader? _input;
    private byte[]? _exporter;

    public ScriptedServer() => _listener.Start();

    public static X509Certificate2 Certificate => SharedCertificate.Value;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool OfferTls { get; init; } = true;

    public bool OfferPlus { get; init; } = true;

    /// <summary>The types of channel binding that are announced with -PLUS; null: none is.</summary>
    public string? Binding { get; init; } = "tls-server-end-point";

    /// <summary>How the login said that it is bound, such as <c>p=tls-exporter</c>.</summary>
    public string? Bound { get; private set; }

    /// <summary>Where clients are sent instead of being let in; null: nowhere.</summary>
    public string? Elsewhere { get; set; }

    /// <summary>They are sent there in plain text.</summary>
    public bool IsElsewhereSaidBeforeTls { get; init; }

    public string[]? Mechanisms { get; init; }

    public Element? ExtraFeature { get; init; }

    /// <summary>Text sent right behind <c>proceed</c>, in the clear.</summary>
    public string Injected { get; init; } = "";

    public string Password { get; set; } = "pencil";

    /// <summary>Stanzas are acknowledged (XEP-0198).</summary>
    public bool Manages { get; init; }

    /// <summary>What of the session before was handled, when the client asks for it; null: it is not kept.</summary>
    public int? Handled { get; set; }

    /// <summary>How the client asked for the session before.</summary>
    public Element? Resume { get; private set; }

    /// <summary>The mechanism that was used.</summary>
    public string? Mechanism { get; private set; }

    /// <summary>Accepts the connection and logs it in.</summary>
    public async Task Login()
    {
        var client = await _listener.AcceptTcpClientAsync();
        Use(client.GetStream());
        if (IsElsewhereSaidBeforeTls)
        {
            await SendElsewhere();
            return;
        }

        await Open(OfferTls ? new Element("starttls", Ns.Tls).Add(new Element("required", Ns.Tls)) : MechanismList(null));
        var secure = OfferTls;
        if (secure)
        {
            (await Read()).Is("starttls", Ns.Tls).ShouldBeTrue();
            await Write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + Injected);
            var tls = new SslStream(_stream!);
            await tls.AuthenticateAsServerAsync(Certificate);
            Use(tls);
            _exporter = TlsExporter.Of(tls);
            if (Elsewhere is not null)
            {
                await SendElsewhere();
                return;
            }

            var list = MechanismList(ServerEndPoint.Of(Certificate));
            var binding = new Element("sasl-channel-binding", Ns.SaslChannelBinding);
            foreach (var type in Binding?.Split(' ') ?? [])
            {
                binding.Add(new Element("channel-binding", Ns.SaslChannelBinding).Set("type", type));
            }

            await Open(list, Binding is not null && list.Any(mechanism => mechanism.Text().EndsWith("-PLUS", StringComparison.Ordinal)) ? binding : null);
        }

        await Authenticate(secure);
        await Open(new Element("bind", Ns.Bind), ExtraFeature, Manages ? new Element("sm", Ns.StreamManagement) : null);
        var bind = await Read();
        if (bind.Name == "resume")
        {
            Resume = bind;
            if (Handled is { } handled)
            {
                await Write(new Element("resumed", Ns.StreamManagement).Set("previd", bind["previd"]).Set("h", $"{handled}"));
                return;
            }

            await Write(new Element("failed", Ns.StreamManagement).Add(new Element("item-not-found", Ns.StanzaErrors)));
            bind = await Read();
        }

        var resource = bind.Child("bind", Ns.Bind)!.Child("resource")?.Text() ?? "made-up";
        await Write(StanzaReply.Result(bind, new Element("bind", Ns.Bind).Add("jid", $"ada@example.org/{resource}")));
        if (Manages)
        {
            (await Read()).Is("enable", Ns.StreamManagement).ShouldBeTrue();
            await Write(new Element("enabled", Ns.StreamManagement).Set("resume", "true").Set("id", "session"));
        }
    }

    /// <summary>The connection breaks.</summary>
    public ValueTask Cut() => _stream!.DisposeAsync();

    /// <summary>The next stanza; requests for acknowledgement are passed over.</summary>
    public async Task<Element> ReadStanza()
    {
        while (true)
        {
            var element = await Read();
            if (element.Namespace != Ns.StreamManagement)
            {
                return element;
            }
        }
    }

    public async Task<Element> Read()
    {
        while (true)
        {
            var read = await _input!.ReadAsync();
            var streamEvent = _xml.Read(read.Buffer, out var consumed, out var examined);
            _input.AdvanceTo(consumed, examined);
            if (streamEvent is { Element: { } element })
            {
                return element;
            }

            if (streamEvent.Kind == StreamEventKind.StreamClosed || read.IsCompleted)
            {
                throw new EndOfStreamException();
            }
        }
    }

    public Task Write(Element element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ElementWriter.Write(buffer, element, Ns.Client);
        return _stream!.WriteAsync(buffer.WrittenMemory).AsTask();
    }

    public Task Write(string xml) => _stream!.WriteAsync(Encoding.UTF8.GetBytes(xml)).AsTask();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
    }

    private void Use(Stream stream)
    {
        _stream = stream;
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    private async Task SendElsewhere()
    {
        await OpenHeader();
        await Write($"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>{Elsewhere}</see-other-host></stream:error></stream:stream>");
    }

    private async Task OpenHeader()
    {
        _xml.Reset();
        (await Read()).Is("stream", Ns.Streams).ShouldBeTrue();
        await Write("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='example.org' id='x' version='1.0'>");
    }

    private async Task Open(params Element?[] features)
    {
        await OpenHeader();
        var all = new Element("features", Ns.Streams);
        foreach (var feature in features)
        {
            all.Add(feature);
        }

        await Write(all);
    }

    private SaslServerContext Context(byte[]? endPoint) => new()
    {
        Domain = "example.org",
        Secret = [1],
        EndPoint = OfferPlus ? endPoint : null,
        Exporter = _exporter,
        Find = (user, hash, _) => ValueTask.FromResult(user == "ada" ? ScramKeyDerivation.Derive(Password, hash, 4096) : null),
    };

    private Element MechanismList(byte[]? endPoint)
    {
        var list = new Element("mechanisms", Ns.Sasl);
        foreach (var mechanism in Mechanisms ?? Context(endPoint).Offered(endPoint is not null))
        {
            list.Add("mechanism", mechanism);
        }

        return list;
    }

    private async Task Authenticate(bool secure)
    {
        var auth = await Read();
        Mechanism = auth["mechanism"];
        var mechanism = Context(secure ? ServerEndPoint.Of(Certificate) : null).Create(Mechanism!, secure)!;
        for (var message = auth; ; message = await Read())
        {
            SaslContent.TryRead(message, out var data).ShouldBeTrue();
            Bound ??= Encoding.UTF8.GetString(data ?? []).Split(',')[0];
            var step = await mechanism.Step(data);
            await Write(step.Outcome switch
            {
                SaslOutcome.Challenge => SaslContent.Write("challenge", step.Data),
                SaslOutcome.Success => SaslContent.Write("success", step.Data),
                _ => new Element("failure", Ns.Sasl).Add(new Element(step.Condition!, Ns.Sasl)),
            });
            if (step.Outcome != SaslOutcome.Challenge)
            {
                return;
            }
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=example.org", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
