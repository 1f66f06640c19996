using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Libravatar.Tests.Discovery;

/// <summary>What a stand-in resolver knows; names that are not in it do not exist.</summary>
internal sealed class TestZone
{
    private readonly Dictionary<string, byte[][]> _records = [];

    /// <summary>The SOA's time for names without records, seconds.</summary>
    public int NegativeSeconds { get; set; } = 1_800;

    /// <summary>Answer with an error instead.</summary>
    public int Code { get; set; }

    public TestZone With(string name, params byte[][] records)
    {
        _records[name] = records;
        return this;
    }

    public StandInResolver Serve() => new(asked => [Answer(asked)]);

    public byte[] Answer(DnsAsked asked)
    {
        if (Code != 0)
        {
            return DnsBytes.Reply(asked, Code, []);
        }

        return _records.TryGetValue(asked.Name, out var records)
            ? DnsBytes.Reply(asked, records)
            : DnsBytes.Reply(asked, 3, [], [DnsBytes.Soa("example", NegativeSeconds, NegativeSeconds)]);
    }

    public static DiscoveryOptions Options(StandInResolver server) => new()
    {
        Resolver = new DnsResolverOptions { Servers = [server.EndPoint.ToString()], Attempts = 1 },
        AskedSpecialDomains = ["example"],
    };
}
