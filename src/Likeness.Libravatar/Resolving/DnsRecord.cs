using System.Net;

namespace Likeness.Libravatar.Resolving;

/// <summary>One resource record (RFC 1035 §4.1.3). Names are without the last dot, the root is <c>.</c>; what is no printable ASCII in a label is escaped.</summary>
public abstract record DnsRecord(string Name, TimeSpan TimeToLive)
{
    public abstract DnsType Type { get; }
}

/// <summary>A and AAAA.</summary>
public sealed record AddressRecord(string Name, TimeSpan TimeToLive, IPAddress Address) : DnsRecord(Name, TimeToLive)
{
    public override DnsType Type => Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa;
}

/// <summary>CNAME: the name that is meant instead.</summary>
public sealed record AliasRecord(string Name, TimeSpan TimeToLive, string Target) : DnsRecord(Name, TimeToLive)
{
    public override DnsType Type => DnsType.Cname;
}

/// <summary>SRV (RFC 2782).</summary>
public sealed record ServiceRecord(string Name, TimeSpan TimeToLive, int Priority, int Weight, int Port, string Target) : DnsRecord(Name, TimeToLive)
{
    public override DnsType Type => DnsType.Srv;
}

/// <summary>SOA, of which only the time for negative answers counts (RFC 2308 §4).</summary>
public sealed record AuthorityRecord(string Name, TimeSpan TimeToLive, TimeSpan Minimum) : DnsRecord(Name, TimeToLive)
{
    public override DnsType Type => DnsType.Soa;
}

/// <summary>TXT, its strings joined, byte by byte as Latin-1.</summary>
public sealed record TextRecord(string Name, TimeSpan TimeToLive, string Text) : DnsRecord(Name, TimeToLive)
{
    public override DnsType Type => DnsType.Txt;
}
