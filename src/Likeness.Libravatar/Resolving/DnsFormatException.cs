namespace Likeness.Libravatar.Resolving;

/// <summary>Bytes that are no DNS message; they are dropped where they arrive.</summary>
internal sealed class DnsFormatException(string message) : IOException(message);
