namespace Likeness.Bench.Xmpp.Servers;

/// <summary>How to start a server in the foreground: a shell line, run in its directory, that leads to <paramref name="Port"/> on loopback.</summary>
sealed record ServerCommand(string Directory, string Line, int Port)
{
    /// <summary>Where its WebSocket is, on loopback; 0: nowhere.</summary>
    public int WebPort { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
