using System.ComponentModel;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Libravatar.Fetching;

/// <summary>What a <see cref="SafeFetch"/> may do; the defaults suit a server that fetches what strangers name.</summary>
public sealed record SafeFetchOptions
{
    /// <summary>From the first look-up to the last byte, redirects included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the body, as sent; nothing is ever decompressed.</summary>
    public int MaxBodyBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>KiB of one answer's header.</summary>
    public int MaxHeaderKilobytes { get; set; } = 16;

    public int MaxRedirects { get; set; } = 5;

    /// <summary>Connections to one host and port at a time.</summary>
    public int MaxConnectionsPerServer { get; set; } = 8;

    /// <summary>
    /// A web proxy for networks without another way out, for example <c>http://proxy.example.org:3128</c>; a user name and
    /// a password may stand in it. The environment's proxy is never taken by itself. The proxy looks host names up, so it
    /// has to keep private addresses out; addresses that stand in URLs are still checked here.
    /// </summary>
    public Uri? Proxy { get; set; }

    /// <summary>PEM file with the certificate authorities to trust instead of the machine's; null: the machine's.</summary>
    public string? AuthoritiesFile { get; set; }

    /// <summary>Which addresses may be dialled; asked for every address of a name and again on every redirect. In code only.</summary>
    public AddressRule MayConnect { get; set; } = PublicAddress.IsPublic;

    /// <summary>Which hosts may be asked, lower-case, ASCII; asked again on every redirect. In code only.</summary>
    public HostRule MayVisit { get; set; } = static _ => true;

    /// <summary>Which ports may be dialled; 80 and 443 unless set. In code only.</summary>
    public PortRule MayUsePort { get; set; } = static port => port is 80 or 443;

    /// <summary>Finds a host's addresses; the operating system unless set. In code only.</summary>
    public HostResolver Resolve { get; set; } =
        static async (host, cancellationToken) => await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBodyBytes);
        ArgumentOutOfRangeException.ThrowIfEqual(MaxBodyBytes, int.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxHeaderKilobytes);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRedirects);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConnectionsPerServer);
        WebProxies.Validate(Proxy);
    }

    /// <summary>Throws <see cref="IOException"/> or a cryptographic exception when the file cannot be read.</summary>
    internal X509Certificate2Collection Authorities()
    {
        var authorities = new X509Certificate2Collection();
        if (AuthoritiesFile is { } file)
        {
            authorities.ImportFromPemFile(file);
        }

        return authorities.Count > 0 || AuthoritiesFile is null ? authorities : throw new InvalidDataException($"{AuthoritiesFile} holds no certificate.");
    }
}

/// <summary>Whether an address may be dialled.</summary>
[TypeConverter(typeof(RuleConverter))]
public delegate bool AddressRule(IPAddress address);

/// <summary>Whether a host may be asked.</summary>
[TypeConverter(typeof(RuleConverter))]
public delegate bool HostRule(string host);

/// <summary>Whether a port may be dialled.</summary>
[TypeConverter(typeof(RuleConverter))]
public delegate bool PortRule(int port);

/// <summary>Finds the addresses of a host.</summary>
[TypeConverter(typeof(RuleConverter))]
public delegate ValueTask<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>Makes configuration that names a rule an error: without it the binder would leave the rule as it is and say nothing.</summary>
internal sealed class RuleConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, System.Globalization.CultureInfo? culture, object value) =>
        throw new FormatException("A rule can be set in code only, not by configuration.");
}
