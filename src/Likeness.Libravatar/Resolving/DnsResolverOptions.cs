using System.Net;

namespace Likeness.Libravatar.Resolving;

/// <summary>Whom a <see cref="DnsResolver"/> asks and how long.</summary>
public sealed record DnsResolverOptions
{
    private const int DnsPort = 53;

    /// <summary>Recursive resolvers in order, addresses with or without a port (<c>9.9.9.9</c>, <c>[::1]:5353</c>); empty: those of the operating system, read when the resolver is made.</summary>
    public IList<string> Servers { get; set; } = [];

    /// <summary>Asked by DNS over HTTPS (RFC 8484) instead of <see cref="Servers"/>.</summary>
    public Uri? HttpsServer { get; set; }

    /// <summary>The web proxy through which <see cref="HttpsServer"/> is asked; null: none.</summary>
    public Uri? Proxy { get; set; }

    /// <summary>One question in all, whatever the number of resolvers and attempts.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one resolver is waited for before the next is asked too.</summary>
    public TimeSpan HeadStart { get; set; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Times each resolver is asked, unless the system's configuration says another number.</summary>
    public int Attempts { get; set; } = 2;

    /// <summary>Begin with another resolver each time.</summary>
    public bool Rotate { get; set; }

    /// <summary>Spell names in random case and insist on the same in the answer; a few old resolvers do not repeat it.</summary>
    public bool MixCase { get; set; }

    /// <summary>Questions in a row a resolver may leave unanswered before it is left alone for <see cref="Pause"/>. Not too few: a stranger's domain can be silent too.</summary>
    public int MaxSilences { get; set; } = 5;

    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>As the operating system has it: <c>/etc/resolv.conf</c>, or the network interfaces where there is none.</summary>
    public static DnsResolverOptions OfSystem() => SystemResolvers.Read(new DnsResolverOptions());

    internal IPEndPoint[] EndPoints() => [.. Servers.Select(EndPoint)];

    internal void Validate()
    {
        _ = EndPoints();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadStart, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Attempts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSilences);
        ArgumentOutOfRangeException.ThrowIfLessThan(Pause, TimeSpan.Zero);
        Fetching.WebProxies.Validate(Proxy);
        if (HttpsServer is not null && (!HttpsServer.IsAbsoluteUri || HttpsServer.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException("DNS over HTTPS needs an https URL.", nameof(HttpsServer));
        }
    }

    private static IPEndPoint EndPoint(string text) => IPEndPoint.TryParse(text, out var server)
        ? server.Port == 0 ? new IPEndPoint(server.Address, DnsPort) : server
        : throw new ArgumentException($"'{text}' is no address of a DNS resolver, such as 9.9.9.9 or [::1]:5353.", nameof(text));
}
