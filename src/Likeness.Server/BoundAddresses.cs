using System.Collections.Immutable;
using System.Net;

namespace Likeness.Server;

/// <summary>Where a started server really listens.</summary>
public sealed record BoundAddresses(ImmutableArray<IPEndPoint> Http, ImmutableArray<IPEndPoint> Https, ImmutableArray<IPEndPoint> Xmpp, ImmutableArray<IPEndPoint> Xmpps)
{
    /// <summary>Where components connect.</summary>
    public ImmutableArray<IPEndPoint> Components { get; init; } = [];

    /// <summary>Where other servers connect.</summary>
    public ImmutableArray<IPEndPoint> S2s { get; init; } = [];

    /// <summary>Where other servers connect behind direct TLS.</summary>
    public ImmutableArray<IPEndPoint> S2sTls { get; init; } = [];

    /// <summary>Where Prometheus reads.</summary>
    public ImmutableArray<IPEndPoint> Metrics { get; init; } = [];

    /// <summary>As the ready line shows it: <c>http=127.0.0.1:8080 xmpp=127.0.0.1:5222</c>.</summary>
    public override string ToString() =>
        string.Join(' ', new[]
        {
            Listed("http", Http), Listed("https", Https), Listed("xmpp", Xmpp), Listed("xmpps", Xmpps), Listed("s2s", S2s), Listed("s2s-tls", S2sTls), Listed("components", Components), Listed("metrics", Metrics),
        }.SelectMany(listed => listed));

    private static IEnumerable<string> Listed(string name, ImmutableArray<IPEndPoint> endpoints) =>
        endpoints.Select(endpoint => $"{name}={endpoint}");
}
