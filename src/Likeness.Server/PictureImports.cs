using System.Globalization;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Likeness.Server.Options;
using Likeness.Web;

namespace Likeness.Server;

/// <summary>Whether and how people may bring the pictures that they show elsewhere.</summary>
public sealed record PictureImportOptions
{
    public bool IsOn { get; init; }

    /// <summary>How pictures are fetched that sites say are somebody's.</summary>
    public SafeFetchOptions Pictures { get; init; } = new() { MaxRedirects = 3 };

    /// <summary>How Libravatar's servers are found and asked: the domain's own one, else libravatar.org.</summary>
    public AvatarClientOptions Client { get; init; } = new() { Scheme = SchemePolicy.PreferHttps, Discovery = new DiscoveryOptions { Timeout = TimeSpan.FromSeconds(2) } };
}

/// <summary>Asks Gravatar and Libravatar for what they show of somebody's own address, when that person wants it.</summary>
internal sealed class PictureImports : IPictureImport, IDisposable
{
    private const string Gravatar = "gravatar";
    private const string Libravatar = "libravatar";

    // Who asks us for people of our own domains would be asked in a circle.
    private const string Central = "libravatar.org";
    private const int GravatarSize = 1024;
    private const int LargestFile = 5 * 1024 * 1024;
    private readonly DomainPolicies _policies;
    private readonly Uri _gravatar;
    private readonly Lazy<SafeFetch> _fetch;
    private readonly Lazy<SafeFetch> _pictures;
    private readonly Lazy<AvatarClient> _client;

    public PictureImports(LikenessOptions options, DomainPolicies policies, TimeProvider time)
    {
        (_policies, _gravatar) = (policies, options.Avatars.Gravatar.Base);
        _fetch = new Lazy<SafeFetch>(() => new SafeFetch(options.Avatars.Gravatar.Fetch with { MaxBodyBytes = LargestFile }, time));
        _pictures = new Lazy<SafeFetch>(() => new SafeFetch(options.PictureImport.Pictures with { MaxBodyBytes = LargestFile }, time));
        _client = new Lazy<AvatarClient>(() => new AvatarClient(options.PictureImport.Client, time));
    }

    public IReadOnlyList<string> Sources { get; } = [Gravatar, Libravatar];

    public Task<ReadOnlyMemory<byte>?> Fetch(string source, Address address, CancellationToken cancellationToken = default) =>
        source == Gravatar ? FromGravatar(address, cancellationToken) : FromLibravatar(address, cancellationToken);

    public async Task<ReadOnlyMemory<byte>?> Fetch(Uri picture, CancellationToken cancellationToken = default) => await _pictures.Value.FetchAsync(picture, cancellationToken) switch
    {
        FetchResult.Fetched { Image: var image } => image.Bytes,
        FetchResult.NotFound => (ReadOnlyMemory<byte>?)null,
        var failed => throw new PictureImportException($"{picture.IdnHost}: {failed}"),
    };

    public void Dispose()
    {
        if (_pictures.IsValueCreated)
        {
            _pictures.Value.Dispose();
        }

        if (_fetch.IsValueCreated)
        {
            _fetch.Value.Dispose();
        }

        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    // Of one's own pictures every rating is wanted.
    private async Task<ReadOnlyMemory<byte>?> FromGravatar(Address address, CancellationToken cancellationToken)
    {
        var target = new Uri(_gravatar, string.Create(CultureInfo.InvariantCulture, $"avatar/{address.Sha256}?s={GravatarSize}&d=404&r=x"));
        return await _fetch.Value.FetchAsync(target, cancellationToken) switch
        {
            FetchResult.Fetched { Image: var image } => image.Bytes,
            FetchResult.NotFound => (ReadOnlyMemory<byte>?)null,
            var failed => throw new PictureImportException($"Gravatar: {failed}"),
        };
    }

    private async Task<ReadOnlyMemory<byte>?> FromLibravatar(Address address, CancellationToken cancellationToken)
    {
        var wish = new AvatarUrlOptions { Size = 512, Default = DefaultKeywords.NotFound };
        var result = _policies.Serves(address.Domain)
            ? await _client.Value.FetchAsync(Central, address.Hashes[0], wish, cancellationToken)
            : await _client.Value.FetchAsync(address, wish, cancellationToken);
        return result.Status switch
        {
            AvatarStatus.Found => result.Image!.Bytes,
            AvatarStatus.None or AvatarStatus.NotFederated => (ReadOnlyMemory<byte>?)null,
            var status => throw new PictureImportException($"Libravatar: {status}"),
        };
    }
}
