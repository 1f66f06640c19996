using System.Net;

namespace Likeness.Libravatar.Resolving;

/// <summary>Whom a <see cref="DnsResolver"/> asks and how long.</summary>
public sealed record DnsResolverOptions
{
    /// <summary>Recursive resolvers, in order; empty: those of the operating system, read when the resolver is made.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>Asked by DNS over HTTPS (RFC 8484) instead of <see cref="Servers"/>.</summary>
    public Uri? HttpsServer { get; init; }

    /// <summary>One question in all, whatever the number of resolvers and attempts (L-8B).</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one resolver is waited for before the next is asked too.</summary>
    public TimeSpan HeadStart { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Times each resolver is asked, unless the system's configuration says another number.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Begin with another resolver each time.</summary>
    public bool Rotate { get; init; }

    /// <summary>Spell names in random case and insist on the same in the answer; a few old resolvers do not repeat it.</summary>
    public bool MixCase { get; init; }

    /// <summary>Questions in a row a resolver may leave unanswered before it is left alone for <see cref="Pause"/>. Not too few: a stranger's domain can be silent too.</summary>
    public int SilencesBeforePause { get; init; } = 5;

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>As the operating system has it: <c>/etc/resolv.conf</c>, or the network interfaces where there is none.</summary>
    public static DnsResolverOptions OfSystem() => SystemResolvers.Read(new DnsResolverOptions());
}
