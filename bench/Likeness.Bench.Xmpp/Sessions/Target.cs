using System.Collections.Concurrent;
using System.Net;

namespace Likeness.Bench.Xmpp.Sessions;

/// <summary>Where to connect and as whose domain.</summary>
sealed record Target(EndPoint Server, string Domain)
{
    /// <summary>Of one run; a campaign gives the same to all of its runs.</summary>
    public ScramKeyCache Keys { get; init; } = new();

    /// <summary>Which user has been given what token.</summary>
    public ConcurrentDictionary<int, string> Tokens { get; } = new();

    public string Address(int user) => $"u{user}@{Domain}";

    /// <summary>The full address that every session of the driver binds.</summary>
    public string FullAddress(int user) => $"u{user}@{Domain}/bench";
}
