namespace Likeness.Libravatar.Resolving;

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
