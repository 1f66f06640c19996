using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar;

/// <summary>Finds anybody's avatar: the domain's own server by DNS, else the fallback (L-70 to L-8B). One for the whole program; safe for all threads.</summary>
public sealed class AvatarClient : IDisposable
{
    private readonly AvatarClientOptions _options;
    private readonly ServerDiscovery _discovery;
    private readonly SafeFetch _fetch;
    private readonly ImageCache _images;

    public AvatarClient(AvatarClientOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new AvatarClientOptions();
        _discovery = new ServerDiscovery(_options.Discovery, time);
        _fetch = new SafeFetch(_options.Fetch, time);
        _images = new ImageCache(_fetch, _options.Cache, time ?? TimeProvider.System);
    }

    /// <summary>The URL by what is known at this moment; never waits. A domain not seen before gets the fallback's URL while its servers are looked up for the next time. Null: no server at all.</summary>
    public string? Url(Address address, AvatarUrlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Write(_discovery.Recall(address.Domain, _options.Scheme), address, options);
    }

    /// <summary>As <see cref="Url"/>, but waits for DNS as long as <see cref="DiscoveryOptions.Timeout"/>.</summary>
    public async ValueTask<string?> UrlAsync(Address address, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Write(await _discovery.Find(address.Domain, _options.Scheme, cancellationToken), address, options);
    }

    /// <summary>The picture itself, from the cache or the first of the domain's servers that answers (L-75, L-82). Null: there is none, or no server gives it. The bytes are a stranger's: decode them where that is safe.</summary>
    public Task<FetchedImage?> FetchAsync(Address address, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Fetch(address.Domain, server => AvatarUrl.Build(server, address, options), cancellationToken);
    }

    /// <summary>As <see cref="FetchAsync(Address, AvatarUrlOptions, CancellationToken)"/>, for somebody of the domain of whom only a hash is known (L-8D).</summary>
    public Task<FetchedImage?> FetchAsync(string domain, AddressHash hash, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Fetch(domain, server => AvatarUrl.Build(server, hash, options), cancellationToken);
    }

    /// <summary>Looks the domains of many addresses up at once: call it before a page with many <see cref="Url"/>s.</summary>
    public Task ResolveMany(IEnumerable<Address> addresses, CancellationToken cancellationToken = default) =>
        _discovery.FindMany(addresses.Select(address => address.Domain), _options.Scheme, cancellationToken);

    /// <summary>Writes what is known of servers to <see cref="DiscoveryOptions.CacheFile"/>, if there is one; throws <see cref="IOException"/>.</summary>
    public void Save() => _discovery.Save();

    public void Dispose()
    {
        _discovery.Dispose();
        _fetch.Dispose();
    }

    private async Task<FetchedImage?> Fetch(string domain, Func<AvatarBase, string> write, CancellationToken cancellationToken)
    {
        var found = await _discovery.Find(domain, _options.Scheme, cancellationToken);
        foreach (var server in ServersOf(found).Take(_options.MaxServers))
        {
            switch (await _images.Get(write(server), cancellationToken))
            {
                case FetchResult.Fetched fetched:
                    return fetched.Image;
                case FetchResult.NotFound:
                    return null;
                default:
                    break;
            }
        }

        return null;
    }

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
