namespace Likeness.Libravatar.Resolving;

/// <summary>One way to one resolver.</summary>
internal interface IDnsExchange
{
    /// <summary>An answer to this very question; throws <see cref="IOException"/> or a socket's or HTTP client's exception when there is none.</summary>
    Task<DnsMessage> Ask(DnsQuestion question, CancellationToken cancellationToken);
}
