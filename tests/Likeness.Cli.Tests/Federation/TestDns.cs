using System.Collections.Concurrent;
using System.Net;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Cli.Tests.Federation;

/// <summary>A resolver on loopback with a few records; other names do not exist.</summary>
internal sealed class TestDns : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Name, DnsType Type), byte[][]> _records = [];
    private readonly StandInResolver _server;
    private int _questions;

    public TestDns() => _server = new StandInResolver(asked => [Answer(asked)]);

    /// <summary>As <c>--dns</c> takes it.</summary>
    public string Address => _server.EndPoint.ToString();

    /// <summary>Answer everything with SERVFAIL.</summary>
    public bool IsBroken { get; set; }

    /// <summary>How many came.</summary>
    public int Questions => Volatile.Read(ref _questions);

    public TestDns Add(string name, DnsType type, params byte[][] records)
    {
        _records[(name, type)] = records;
        return this;
    }

    public TestDns AddHost(string name, params IPAddress[] addresses)
    {
        foreach (var family in addresses.GroupBy(address => address.GetAddressBytes().Length == 4 ? DnsType.A : DnsType.Aaaa))
        {
            Add(name, family.Key, [.. family.Select(address => DnsBytes.Record(DnsBytes.SameName, family.Key, 300, address.GetAddressBytes()))]);
        }

        return this;
    }

    public void Remove(string name, DnsType type) => _records.TryRemove((name, type), out _);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private byte[] Answer(DnsAsked asked)
    {
        Interlocked.Increment(ref _questions);
        if (IsBroken)
        {
            return DnsBytes.Reply(asked, 2, []);
        }

        if (_records.TryGetValue((asked.Name, asked.Type), out var records))
        {
            return DnsBytes.Reply(asked, records);
        }

        var exists = _records.Keys.Any(key => key.Name == asked.Name);
        return DnsBytes.Reply(asked, exists ? 0 : 3, [], [DnsBytes.Soa("test", 300, 300)]);
    }
}
