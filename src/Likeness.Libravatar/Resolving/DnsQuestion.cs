namespace Likeness.Libravatar.Resolving;

/// <summary>What is asked: an absolute ASCII name, with or without the last dot, and a record type.</summary>
public sealed record DnsQuestion(string Name, DnsType Type);
