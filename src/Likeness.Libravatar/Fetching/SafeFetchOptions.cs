using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Libravatar.Fetching;

/// <summary>What a <see cref="SafeFetch"/> may do; the defaults suit a server that fetches what strangers name (L-75).</summary>
public sealed record SafeFetchOptions
{
    /// <summary>From the first look-up to the last byte, redirects included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the body, as sent; nothing is ever decompressed.</summary>
    public int LargestBody { get; init; } = 5 * 1024 * 1024;

    /// <summary>KiB of one answer's header.</summary>
    public int LargestHeader { get; init; } = 16;

    public int MaxRedirects { get; init; } = 5;

    /// <summary>Connections to one host and port at a time.</summary>
    public int ConnectionsPerServer { get; init; } = 8;

    /// <summary>Which addresses may be dialled; asked for every address of a name and again on every redirect.</summary>
    public Func<IPAddress, bool> MayConnect { get; init; } = PublicAddress.IsPublic;

    /// <summary>Which hosts may be asked, lower-case, ASCII; asked again on every redirect.</summary>
    public Func<string, bool> MayVisit { get; init; } = static _ => true;

    /// <summary>Which ports may be dialled; 80 and 443 unless set.</summary>
    public Func<int, bool> MayUsePort { get; init; } = static port => port is 80 or 443;

    /// <summary>Finds a host's addresses; the operating system unless set.</summary>
    public Func<string, CancellationToken, ValueTask<IPAddress[]>> Resolve { get; init; } =
        static async (host, cancellationToken) => await Dns.GetHostAddressesAsync(host, cancellationToken);

    /// <summary>Certificate authorities to trust instead of the machine's; empty: the machine's.</summary>
    public IReadOnlyList<X509Certificate2> Authorities { get; init; } = [];
}
