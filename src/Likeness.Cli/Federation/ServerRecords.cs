using System.Globalization;
using Likeness.Http.WellKnown;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Xmpp.Server.Connections;

namespace Likeness.Cli.Federation;

/// <summary>The SRV records by which a domain names its servers for avatars and chats (RFC 6120 §3.2.1, XEP-0368), as operators have to enter them.</summary>
/// <param name="Domain">A-labels.</param>
/// <param name="Server">A-labels, without the last dot.</param>
/// <param name="SecurePort">0: no record for https.</param>
/// <param name="PlainPort">0: no record for http.</param>
/// <param name="ChatPort">0: no record for chats.</param>
/// <param name="ChatTlsPort">0: no record for chats behind direct TLS.</param>
/// <param name="Lifetime">TTL in seconds.</param>
internal sealed record ServerRecords(string Domain, string Server, int SecurePort, int PlainPort, int ChatPort, int ChatTlsPort, int Lifetime)
{
    private const int Priority = 0;
    private const int Weight = 5;

    // People of other servers come into rooms by the rooms' own domain.
    private const string Rooms = ".rooms";

    /// <summary>For other chat servers; 0: no record.</summary>
    public int ServerPort { get; init; }

    /// <summary>For other chat servers behind direct TLS; 0: no record.</summary>
    public int ServerTlsPort { get; init; }

    /// <summary>As a zone file has them.</summary>
    public IEnumerable<string> Zone() => Each((name, port) => $"{name}.{Domain}. {Lifetime} IN SRV {Priority} {Weight} {port} {Server}.");

    /// <summary>For programs that talk to a provider.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Rows() => Each((name, port) => new Dictionary<string, string>
    {
        ["type"] = "SRV",
        ["name"] = name,
        ["domain"] = Domain,
        ["ttl"] = Lifetime.ToString(CultureInfo.InvariantCulture),
        ["priority"] = Priority.ToString(CultureInfo.InvariantCulture),
        ["weight"] = Weight.ToString(CultureInfo.InvariantCulture),
        ["port"] = port,
        ["target"] = Server,
    });

    /// <summary>As each kind of form wants them.</summary>
    public IEnumerable<string> Lines() =>
    [
        "; zone file",
        .. Zone(),
        "",
        "; a form with one name and one value (Route 53, Hetzner, Google Cloud)",
        .. Each((name, port) => $"name {name}   type SRV   TTL {Lifetime}   value {Priority} {Weight} {port} {Server}."),
        "",
        "; a form with a field for each number (Cloudflare, OVH, DigitalOcean)",
        .. Each((name, port) => $"type SRV   name {name}   priority {Priority}   weight {Weight}   port {port}   target {Server}   TTL {Lifetime}"),
        "",
        "; a form that takes the name apart (GoDaddy, Namecheap)",
        .. Each((name, port) => $"service {name[..name.IndexOf('.', StringComparison.Ordinal)]}   protocol _tcp   name {(name.EndsWith(Rooms, StringComparison.Ordinal) ? Rooms[1..] : "@")}   priority {Priority}   weight {Weight}   port {port}   target {Server}   TTL {Lifetime}"),
        "",
        "; dnsmasq",
        .. Each((name, port) => $"srv-host={name}.{Domain},{Server},{port},{Priority},{Weight}"),
        "",
        .. BrowserFiles(),
        .. ServerPort + ServerTlsPort > 0 ? [$"; the certificate for chats is for {Domain} and rooms.{Domain}"] : Array.Empty<string>(),
        $"; {Server} needs an A or AAAA record of its own, no CNAME, and a certificate for that name.",
        $"; afterwards: likeness check {Domain}",
    ];

    // Browsers cannot ask DNS (XEP-0156).
    private IEnumerable<string> BrowserFiles()
    {
        if (SecurePort == 0 || ChatPort + ChatTlsPort == 0)
        {
            return [];
        }

        var webSocket = new Uri($"wss://{Server}:{SecurePort}{WebSocketEndpoint.Path}");
        return
        [
            $"; chats in browsers: where https://{Domain} is another web server's, it passes these two paths on to https://{webSocket.Authority} or has them as files, for scripts of every site (Access-Control-Allow-Origin: *)",
            "; /.well-known/host-meta, application/xrd+xml",
            .. HostMeta.Xml(webSocket).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => $";   {line}"),
            "; /.well-known/host-meta.json, application/json",
            $";   {HostMeta.Json(webSocket)}",
            "",
        ];
    }

    private IEnumerable<T> Each<T>(Func<string, string, T> line) =>
        from service in new (string Name, int Port)[]
        {
            (Avatars(SchemePolicy.HttpsOnly), SecurePort), (Avatars(SchemePolicy.Http), PlainPort),
            ("_xmpp-client._tcp", ChatPort), ("_xmpps-client._tcp", ChatTlsPort),
            ("_xmpp-server._tcp", ServerPort), ("_xmpps-server._tcp", ServerTlsPort),
            ("_xmpp-server._tcp" + Rooms, ServerPort), ("_xmpps-server._tcp" + Rooms, ServerTlsPort),
        }
        where service.Port > 0
        select line(service.Name, service.Port.ToString(CultureInfo.InvariantCulture));

    private string Avatars(SchemePolicy policy) => ServiceName.Of(Domain, policy)[0][..^(Domain.Length + 1)];
}
