using System.Globalization;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;

namespace Likeness.Cli.Federation;

/// <summary>The SRV records by which a domain names its avatar server (L-80), as operators have to enter them.</summary>
/// <param name="Domain">A-labels.</param>
/// <param name="Server">A-labels, without the last dot.</param>
/// <param name="SecurePort">0: no record for https.</param>
/// <param name="PlainPort">0: no record for http.</param>
/// <param name="Lifetime">TTL in seconds.</param>
internal sealed record ServerRecords(string Domain, string Server, int SecurePort, int PlainPort, int Lifetime)
{
    private const int Priority = 0;
    private const int Weight = 5;

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
        .. Each((name, port) => $"service {name[..name.IndexOf('.', StringComparison.Ordinal)]}   protocol _tcp   name @   priority {Priority}   weight {Weight}   port {port}   target {Server}   TTL {Lifetime}"),
        "",
        "; dnsmasq",
        .. Each((name, port) => $"srv-host={name}.{Domain},{Server},{port},{Priority},{Weight}"),
        "",
        $"; {Server} needs an A or AAAA record of its own, no CNAME, and a certificate for that name.",
        $"; afterwards: likeness check {Domain}",
    ];

    private IEnumerable<T> Each<T>(Func<string, string, T> line)
    {
        foreach (var (policy, port) in new[] { (SchemePolicy.HttpsOnly, SecurePort), (SchemePolicy.Http, PlainPort) })
        {
            if (port > 0)
            {
                var name = ServiceName.Of(Domain, policy)[0];
                yield return line(name[..^(Domain.Length + 1)], port.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}
