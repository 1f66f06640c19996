using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Likeness.Cli.Tests.Federation;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Cli.Tests.Checks;

/// <summary>A domain with DNS, an https and an http server on loopback, where everything is right but one thing.</summary>
internal sealed class FaultyDomain : IAsyncDisposable
{
    public const string Person = "anne@club.test";
    private const string Host = "avatars.club.test";
    private const string ChatHost = "chat.club.test";
    private const string SecureName = "_avatars-sec._tcp.club.test";
    private const string PlainName = "_avatars._tcp.club.test";

    private readonly TemporaryDirectory _files = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _otherAuthority = new();
    private readonly X509Certificate2 _certificate;
    private readonly StandInServer _secure;
    private readonly StandInServer _plain;
    private readonly X509Certificate2 _chatCertificate;
    private readonly StandInServer _chat;
    private readonly StandInServer _chatTls;
    private readonly StandInServer _peers;
    private readonly string _fault;

    public FaultyDomain(string fault)
    {
        _fault = fault;
        _certificate = Certificate();
        var plain = new FaultyServer(fault, Person, () => "");
        _plain = StandInServer.Answering(plain.Answer);
        var secure = new FaultyServer(fault, Person, () => $"http://{Host}:{_plain.Port}");
        _secure = fault == "tls-silent"
            ? new StandInServer(connection => connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n"))
            : fault == "hangs"
                ? new StandInServer(connection => connection.Hang(), certificate: _certificate)
            : fault == "no-http"
                ? new StandInServer(async connection => { await connection.ReadRequest(); await connection.Send("220 ready\r\n"); }, certificate: _certificate)
                : StandInServer.Answering(secure.Answer, certificate: _certificate);
        _chatCertificate = fault switch
        {
            "chat-name" => _authority.Issue(ChatHost),
            "chat-expired" => _authority.Issue("club.test", -90, -2),
            "chat-untrusted" => _otherAuthority.Issue("club.test"),
            _ => _authority.Issue("club.test"),
        };
        _chat = new StandInServer(Chat);
        _chatTls = new StandInServer(connection => connection.Hang(), certificate: _chatCertificate);
        _peers = new StandInServer(AnswerPeer, certificate: _chatCertificate);
        SetRecords();
    }

    public TestDns Dns { get; } = new();

    public async Task<(int Code, IReadOnlyList<(string Id, string Level)> Findings)> Check(string target)
    {
        var authority = _files.Write("authority.pem", (_fault == "untrusted" ? _otherAuthority : _authority).Pem);
        var ran = await LikenessProgram.Run("check", target, "--dns", Dns.Address, "--ca", authority, "--json");
        ran.Output.ShouldNotBeEmpty(ran.Error);
        using var report = JsonDocument.Parse(ran.Output);
        return (ran.Code, [.. report.RootElement.GetProperty("findings").EnumerateArray().Select(finding => (finding.GetProperty("id").GetString()!, finding.GetProperty("level").GetString()!))]);
    }

    public Task<Ran> CheckAsText(string target) =>
        LikenessProgram.Run("check", target, "--dns", Dns.Address, "--ca", _files.Write("authority.pem", _authority.Pem));

    /// <summary>With a terminal of the test's own, until it is stopped.</summary>
    public Task<int> Check(string target, Terminal terminal, CancellationToken stop) =>
        CommandLine.Run(["check", target, "--dns", Dns.Address, "--ca", _files.Write("authority.pem", _authority.Pem)], terminal, stop);

    public async ValueTask DisposeAsync()
    {
        await _secure.DisposeAsync();
        await _plain.DisposeAsync();
        await _chat.DisposeAsync();
        await _chatTls.DisposeAsync();
        await _peers.DisposeAsync();
        _chatCertificate.Dispose();
        await Dns.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _otherAuthority.Dispose();
        _files.Dispose();
    }

    private async Task Chat(StandInConnection connection)
    {
        await connection.ReadUntil("streams'>");
        await connection.Send("<?xml version='1.0'?><stream:stream from='club.test' id='1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
        if (_fault == "chat-host-unknown")
        {
            await connection.Send("<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
            return;
        }

        await connection.Send($"<stream:features>{(_fault == "chat-no-tls" ? "" : "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")}<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></stream:features>");
        await connection.ReadUntil("xmpp-tls'/>");
        if (_fault == "chat-refuses-tls")
        {
            await connection.Send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>");
            return;
        }

        await connection.Send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        await connection.StartTls(_chatCertificate);
        await AnswerPeer(connection);
    }

    // A client says no more, another server asks about a key.
    private async Task AnswerPeer(StandInConnection connection)
    {
        await connection.ReadUntil("streams'>");
        await connection.Send($"<?xml version='1.0'?><stream:stream from='club.test' id='1' version='1.0' xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'><stream:features>{(_fault == "s2s-certificates" ? "" : "<dialback xmlns='urn:xmpp:features:dialback'/>")}</stream:features>");
        var asked = await connection.ReadUntil("</db:verify>");
        if (asked.Contains(" to='club.test'", StringComparison.Ordinal) && _fault is not ("s2s-keys-none" or "s2s-certificates"))
        {
            await connection.Send($"<db:verify xmlns:db='jabber:server:dialback' from='club.test' to='check.invalid' id='check' type='{(_fault == "s2s-keys-any" ? "valid" : "invalid")}'/>");
            await connection.Hang();
        }
    }

    private X509Certificate2 Certificate() => _fault switch
    {
        "tls-name" => _authority.Issue("club.test"),
        "expired" => _authority.Issue(Host, -90, -2),
        "not-yet" => _authority.Issue(Host, 2, 90),
        "ends-soon" => _authority.Issue(Host, -70, 7),
        "self-signed" => _authority.Issue(Host, isSelfSigned: true),
        _ => _authority.Issue(Host),
    };

    private void SetRecords()
    {
        byte[] Secure(string host = Host, int? port = null, int weight = 5, int priority = 0, int seconds = 3600) => DnsBytes.Srv(priority, weight, port ?? _secure.Port, host, seconds);
        Dns.IsBroken = _fault == "servfail";
        Dns.AddHost(Host, IPAddress.Loopback).AddHost("other.test", IPAddress.Loopback).AddHost(ChatHost, IPAddress.Loopback);
        Dns.Add("_xmpp-client._tcp.club.test", DnsType.Srv, DnsBytes.Srv(0, 5, _fault == "chat-closed" ? 1 : _fault == "chat-port-zero" ? 0 : _chat.Port, ChatHost, 3600));
        Dns.Add("_xmpps-client._tcp.club.test", DnsType.Srv, DnsBytes.Srv(0, 5, _chatTls.Port, ChatHost, 3600));
        Dns.Add("_xmpp-server._tcp.club.test", DnsType.Srv, DnsBytes.Srv(0, 5, _chat.Port, _fault == "chat-no-address" ? "nowhere.club.test" : ChatHost, 3600));
        Dns.Add("_xmpps-server._tcp.club.test", DnsType.Srv, DnsBytes.Srv(0, 5, _peers.Port, ChatHost, 3600));
        Dns.Add(PlainName, DnsType.Srv, DnsBytes.Srv(0, 5, _plain.Port, _fault == "differ-hosts" ? "other.test" : Host, 3600));
        Dns.Add(SecureName, DnsType.Srv, _fault switch
        {
            "dot" => [Secure(".", 0)],
            "dot-among" => [Secure(), Secure(".", 0)],
            "address" => [Secure("127.0.0.1")],
            "underscore" => [Secure("avatars_1.club.test")],
            "port-zero" => [Secure(), Secure(port: 0)],
            "port-80" => [Secure(port: 80)],
            "closed" => [Secure(port: 1)],
            "duplicate" => [Secure(), Secure(priority: 10)],
            "weight-zero" => [Secure(), Secure("other.test", weight: 0)],
            "ttl-short" => [Secure(seconds: 5)],
            "ttl-long" => [Secure(seconds: 2_592_000)],
            "too-many" => [.. Enumerable.Range(0, 33).Select(number => Secure(priority: number))],
            "no-address" => [Secure("nowhere.club.test")],
            "alias" => [Secure("alias.club.test")],
            _ => [Secure()],
        });
        Dns.Add("alias.club.test", DnsType.A, DnsBytes.Cname(Host), DnsBytes.Record(DnsBytes.Name(Host), DnsType.A, 300, [127, 0, 0, 1]));
        if (_fault is "no-records" or "chat-server-only")
        {
            Dns.Remove("_xmpp-client._tcp.club.test", DnsType.Srv);
            Dns.Remove("_xmpps-client._tcp.club.test", DnsType.Srv);
        }

        if (_fault is "no-records")
        {
            Dns.Remove("_xmpp-server._tcp.club.test", DnsType.Srv);
            Dns.Remove("_xmpps-server._tcp.club.test", DnsType.Srv);
        }

        if (_fault is "no-records" or "only-plain")
        {
            Dns.Remove(SecureName, DnsType.Srv);
        }

        if (_fault is "no-records" or "dot")
        {
            Dns.Remove(PlainName, DnsType.Srv);
        }
    }
}
