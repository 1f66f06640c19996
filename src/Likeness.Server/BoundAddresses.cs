using System.Collections.Immutable;
using System.Net;

namespace Likeness.Server;

/// <summary>Where a started server really listens.</summary>
public sealed record BoundAddresses(ImmutableArray<IPEndPoint> Http, ImmutableArray<IPEndPoint> Https, ImmutableArray<IPEndPoint> Xmpp, ImmutableArray<IPEndPoint> Xmpps)
{
    /// <summary>Where components connect.</summary>
    public ImmutableArray<IPEndPoint> Components { get; init; } = [];

    /// <summary>Where Prometheus reads.</summary>
    public ImmutableArray<IPEndPoint> Metrics { get; init; } = [];

    /// <summary>As the ready line shows it: <c>http=127.0.0.1:8080 xmpp=127.0.0.1:5222</c>.</summary>
    public override string ToString() =>
        string.Join(' ', Listed("http", Http).Concat(Listed("https", Https)).Concat(Listed("xmpp", Xmpp)).Concat(Listed("xmpps", Xmpps)).Concat(Listed("components", Components)).Concat(Listed("metrics", Metrics)));

    private static IEnumerable<string> Listed(string name, ImmutableArray<IPEndPoint> endpoints) =>
        endpoints.Select(endpoint => $"{name}={endpoint}");
}
