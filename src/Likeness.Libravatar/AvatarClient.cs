using Likeness.Libravatar.Discovery;

namespace Likeness.Libravatar;

/// <summary>Finds anybody's avatar: the domain's own server by DNS, else the fallback (L-70 to L-8B). One for the whole program; safe for all threads.</summary>
public sealed class AvatarClient : IDisposable
{
    private readonly AvatarClientOptions _options;
    private readonly ServerDiscovery _discovery;

    public AvatarClient(AvatarClientOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new AvatarClientOptions();
        _discovery = new ServerDiscovery(_options.Discovery, time);
    }

    /// <summary>The URL by what is known at this moment; never waits. A domain not seen before gets the fallback's URL while its servers are looked up for the next time. Null: no server at all.</summary>
    public string? Url(Address address, AvatarUrlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Write(_discovery.Recall(address.Domain, _options.Scheme), address, options);
    }

    /// <summary>As <see cref="Url"/>, but waits for DNS as long as <see cref="DiscoveryOptions.Patience"/>.</summary>
    public async ValueTask<string?> UrlAsync(Address address, AvatarUrlOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Write(await _discovery.Find(address.Domain, _options.Scheme, cancellation), address, options);
    }

    /// <summary>Looks the domains of many addresses up at once: call it before a page with many <see cref="Url"/>s.</summary>
    public Task ResolveMany(IEnumerable<Address> addresses, CancellationToken cancellation = default) =>
        _discovery.FindMany(addresses.Select(address => address.Domain), _options.Scheme, cancellation);

    /// <summary>Writes what is known of servers to <see cref="DiscoveryOptions.CacheFile"/>, if there is one; throws <see cref="IOException"/>.</summary>
    public void Save() => _discovery.Save();

    public void Dispose() => _discovery.Dispose();

    private string? Write(FoundServers found, Address address, AvatarUrlOptions? options) =>
        ServersOf(found) is [var server, ..] ? AvatarUrl.Build(server, address, options) : null;

    private IReadOnlyList<AvatarBase> ServersOf(FoundServers found)
    {
        if (!found.Bases.IsEmpty)
        {
            return found.Bases;
        }

        var isLeftOut = found.IsAbsent && _options.HonourAbsence;
        return !isLeftOut && _options.Fallback.For(_options.Scheme) is { } fallback ? [fallback] : [];
    }
}
