namespace Likeness.Libravatar.Resolving;

/// <summary>What is asked: an absolute ASCII name, with or without the last dot, and a record type.</summary>
public sealed record DnsQuestion(string Name, DnsType Type);

/// <summary>The record types that avatars and their servers need (IANA DNS parameters).</summary>
public enum DnsType
{
    None = 0,
    A = 1,
    Cname = 5,
    Soa = 6,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
}
