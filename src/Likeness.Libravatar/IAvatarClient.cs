namespace Likeness.Libravatar;

/// <summary>Finds anybody's avatar. What <see cref="AvatarClient"/> does, for code that is tested with a double.</summary>
public interface IAvatarClient
{
    /// <summary>Where the avatar is by what is known at this moment; never waits. A domain not seen before gets the fallback's URL (<see cref="Discovery.DiscoveryStatus.Pending"/>) while its servers are looked up for the next time.</summary>
    AvatarLocation Locate(Address address, AvatarUrlOptions? options = null);

    /// <summary>As <see cref="Locate"/>, but waits for DNS as long as <see cref="Discovery.DiscoveryOptions.Timeout"/>.</summary>
    ValueTask<AvatarLocation> LocateAsync(Address address, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The picture itself, from the cache or the first of the domain's servers that answers; whatever happens on the way is a result. Throws <see cref="OperationCanceledException"/> for the caller's own token only.</summary>
    Task<AvatarResult> FetchAsync(Address address, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="FetchAsync(Address, AvatarUrlOptions, CancellationToken)"/>, for somebody of the domain of whom only a hash is known.</summary>
    Task<AvatarResult> FetchAsync(string domain, AddressHash hash, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Looks the domains of many addresses up at once: call it before a page with many URLs.</summary>
    Task ResolveAsync(IEnumerable<Address> addresses, CancellationToken cancellationToken = default);

    /// <summary>Fetches many pictures into the cache, a few at a time; those that cannot be had cost nothing but their time.</summary>
    Task PrefetchAsync(IEnumerable<Address> addresses, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>What somebody tells of themselves (<c>/HASH.json</c>), by what is known at this moment; never waits. Null: nothing, or not yet, and what is not known, or older than a few minutes, is looked up for the next time. What is told here was asked for at most an hour ago.</summary>
    /// <param name="useSha256">As <see cref="AvatarUrlOptions.UseSha256"/>.</param>
    PublicProfile? RecallProfile(Address address, bool useSha256 = false);

    /// <summary>What somebody tells of themselves, from the cache or the first of the domain's servers that answers; whatever happens on the way is a result. Throws <see cref="OperationCanceledException"/> for the caller's own token only.</summary>
    /// <param name="useSha256">As <see cref="AvatarUrlOptions.UseSha256"/>.</param>
    Task<ProfileResult> FetchProfileAsync(Address address, bool useSha256 = false, CancellationToken cancellationToken = default);

    /// <summary>Writes what is known of servers to <see cref="Discovery.DiscoveryOptions.CacheFile"/>, if there is one; throws <see cref="IOException"/>.</summary>
    void Save();
}

/// <summary>Shorter ways to what most callers want.</summary>
public static class AvatarClientExtensions
{
    /// <summary>The URL of <see cref="IAvatarClient.Locate"/>; null: no server at all.</summary>
    public static string? Url(this IAvatarClient client, Address address, AvatarUrlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Locate(address, options).Url;
    }

    /// <summary>The URL of <see cref="IAvatarClient.LocateAsync"/>; null: no server at all.</summary>
    public static async ValueTask<string?> UrlAsync(this IAvatarClient client, Address address, AvatarUrlOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return (await client.LocateAsync(address, options, cancellationToken).ConfigureAwait(false)).Url;
    }
}
