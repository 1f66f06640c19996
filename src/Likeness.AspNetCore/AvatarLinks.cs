using System.Text;
using Likeness.AspNetCore.Links;
using Likeness.AspNetCore.Proxy;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Likeness.AspNetCore;

/// <summary>The URLs of avatars for pages of this site, for pages and APIs that use neither the tag helper nor the component.</summary>
public sealed class AvatarLinks
{
    /// <summary>Profiles that are fetched at a time.</summary>
    private const int MaxPrefetches = 16;

    private static readonly Address Nobody = Address.Email("nobody@nowhere.invalid");
    private static readonly AvatarUrlOptions UsualOptions = new() { Size = AvatarSizes.Standard.Default };

    private readonly AvatarSiteOptions _site;
    private readonly IAvatarClient _client;
    private readonly LinkGenerator _links;
    private readonly Lazy<AvatarSeal> _seal;

    // A site without proxy needs no key, so none is made.
    internal AvatarLinks(AvatarSiteOptions site, IAvatarClient client, LinkGenerator links, Lazy<AvatarSeal> seal)
    {
        _site = site;
        _client = client;
        _links = links;
        _seal = seal;
    }

    /// <summary>As <see cref="Url(string, AvatarUrlOptions, bool?, PathString)"/>, below the path at which the request's application is.</summary>
    public string Url(HttpContext context, string? address, AvatarUrlOptions? options = null, bool? useSha256 = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Url(address, options, useSha256, context.Request.PathBase);
    }

    /// <summary>Never waits. What is no address gets the URL of the default picture. Throws <see cref="InvalidOperationException"/> when the proxy is on and not mapped.</summary>
    /// <param name="address">An e-mail address, or an OpenID with its scheme.</param>
    /// <param name="useSha256">Null: as the site has it.</param>
    /// <param name="pathBase">The path at which the application is, if it is not the root of its host.</param>
    public string Url(string? address, AvatarUrlOptions? options = null, bool? useSha256 = null, PathString pathBase = default)
    {
        var (person, asked) = (Read(address), Asked(options, useSha256));
        return _site.Proxy ? OwnUrl(pathBase, person, asked) : DirectUrl(person, asked);
    }

    /// <summary>Fetches the pictures of many people, so that the next page shows them at once: when somebody new writes, or before the first visitor comes. What is no address is left out, and what cannot be had costs nothing but its time.</summary>
    /// <param name="size">CSS pixels, as in the tag helper: the pictures of sharp screens are fetched too.</param>
    public async Task PrefetchAsync(IEnumerable<string?> addresses, int size = AvatarImage.UsualSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        Address[] people = [.. addresses.Select(Read).OfType<Address>()];
        foreach (var candidate in SourceSet.Of(size))
        {
            await _client.PrefetchAsync(people, AvatarProxy.Wish(Asked(new AvatarUrlOptions { Size = candidate.Pixels }, null)), cancellationToken);
        }
    }

    /// <summary>What somebody publishes of themselves, for pages and APIs that make a card of their own; never waits. Null: nothing, or it is not known yet and looked up for the next time.</summary>
    /// <param name="address">An e-mail address, or an OpenID with its scheme.</param>
    /// <param name="useSha256">Null: as the site has it.</param>
    public PublicProfile? Profile(string? address, bool? useSha256 = null) =>
        Read(address) is { } person ? _client.RecallProfile(person, useSha256 ?? _site.UseSha256) : null;

    /// <summary>Asks for the profiles of many people, so that the next page has their cards: when somebody new writes, or before the first visitor comes. What cannot be had costs nothing but its time.</summary>
    public Task PrefetchProfilesAsync(IEnumerable<string?> addresses, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        return Parallel.ForEachAsync(
            addresses.Select(Read).OfType<Address>().Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = MaxPrefetches, CancellationToken = cancellationToken },
            async (person, token) => await _client.FetchProfileAsync(person, _site.UseSha256, token));
    }

    /// <summary>Without scheme and without '@' a text is more likely a mistake than an OpenID.</summary>
    private static Address? Read(string? text) =>
        text is not null && (text.Contains('@', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal)) && Address.TryParse(text, out var address)
            ? address
            : null;

    private AvatarUrlOptions Asked(AvatarUrlOptions? options, bool? useSha256)
    {
        options ??= UsualOptions;
        return options with { Default = options.Default ?? _site.Default, UseSha256 = useSha256 ?? (options.UseSha256 || _site.UseSha256) };
    }

    private string OwnUrl(PathString pathBase, Address? person, AvatarUrlOptions options)
    {
        var token = person is not null && AvatarTicket.Of(person, options) is { } ticket ? _seal.Value.Close(ticket) : AvatarProxy.Nobody;
        return _links.GetPathByName(AvatarEndpoints.Name, new RouteValueDictionary { [AvatarEndpoints.Token] = token }, pathBase)
            ?? throw new InvalidOperationException("The avatar proxy is on, but app.MapAvatars() was not called.");
    }

    private string DirectUrl(Address? person, AvatarUrlOptions options) =>
        (person is null ? _client.Url(Nobody, options with { ForceDefault = true }) : _client.Url(person, options))
        ?? "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(NeutralFace.Svg(0, options.Size ?? AvatarSizes.Standard.Default)));
}
