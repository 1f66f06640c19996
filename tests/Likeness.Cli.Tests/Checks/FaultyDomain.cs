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
    private const string SecureName = "_avatars-sec._tcp.club.test";
    private const string PlainName = "_avatars._tcp.club.test";

    private readonly TemporaryDirectory _files = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _otherAuthority = new();
    private readonly X509Certificate2 _certificate;
    private readonly StandInServer _secure;
    private readonly StandInServer _plain;
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
            : fault == "no-http"
                ? new StandInServer(async connection => { await connection.ReadRequest(); await connection.Send("220 ready\r\n"); }, certificate: _certificate)
                : StandInServer.Answering(secure.Answer, certificate: _certificate);
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

    public async ValueTask DisposeAsync()
    {
        await _secure.DisposeAsync();
        await _plain.DisposeAsync();
        await Dns.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        _otherAuthority.Dispose();
        _files.Dispose();
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
        Dns.AddHost(Host, IPAddress.Loopback).AddHost("other.test", IPAddress.Loopback);
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
