namespace Likeness.Bench.Xmpp.Servers;

/// <summary>How to start a server in the foreground: a shell line, run in its directory, that leads to <paramref name="Port"/> on loopback.</summary>
sealed record ServerCommand(string Directory, string Line, int Port)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
