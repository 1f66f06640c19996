using System.Globalization;
using Likeness.Interop.Tests.Dns;
using Likeness.Interop.Tests.Hosting;

namespace Likeness.Interop.Tests.Federation;

/// <summary>A zone in which every domain that talks has its SRV records, and the authority that signs their certificates.</summary>
public sealed class ChatNames : NameServers
{
    public const string Domain = "chats.net";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("likeness-names-");

    /// <summary>Domains of people, each with rooms below it: where others connect, with STARTTLS and with TLS from the first byte.</summary>
    internal IReadOnlyDictionary<string, (int Plain, int Direct)> Ports { get; } = new[] { "likeness", "other", "prosody", "ejabberd" }
        .ToDictionary(name => $"{name}.{Domain}", _ => (FreePort.Next().Port, FreePort.Next().Port));

    internal TestAuthority Authorities { get; } = new();

    internal string AuthorityFile => Path.Combine(_directory.FullName, "authority.pem");

    // ejabberd asks DNS for services, and the system for addresses.
    protected override IReadOnlyDictionary<string, string> MoreZones
    {
        get
        {
            var records = Ports.SelectMany(entry => new[] { entry.Key, $"rooms.{entry.Key}" }.SelectMany(name => Records(name, entry.Value)));
            File.WriteAllText(AuthorityFile, Authorities.Pem);
            return new Dictionary<string, string>
            {
                [Domain] = $"$ORIGIN {Domain}.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\n{string.Join('\n', records)}\n",
            };
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static IEnumerable<string> Records(string name, (int Plain, int Direct) ports)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"_xmpp-server._tcp.{name}. SRV 5 0 {ports.Plain} localhost.");
        yield return string.Create(CultureInfo.InvariantCulture, $"_xmpps-server._tcp.{name}. SRV {(name.StartsWith("other.", StringComparison.Ordinal) ? 1 : 9)} 0 {ports.Direct} localhost.");
    }
}
