using System.Text;
using Likeness.AspNetCore.Links;
using Likeness.AspNetCore.Proxy;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Likeness.AspNetCore;

/// <summary>The URLs of avatars for pages of this site, for pages and APIs that do not use the tag helper.</summary>
public sealed class AvatarLinks
{
    private static readonly Address Nobody = Address.Email("nobody@nowhere.invalid");
    private static readonly AvatarUrlOptions UsualOptions = new() { Size = AvatarSizes.Standard.Default };

    private readonly AvatarSiteOptions _site;
    private readonly AvatarClient _client;
    private readonly LinkGenerator _links;
    private readonly Lazy<AvatarSeal> _seal;

    // A site without proxy needs no key, so none is made.
    internal AvatarLinks(AvatarSiteOptions site, AvatarClient client, LinkGenerator links, Lazy<AvatarSeal> seal)
    {
        _site = site;
        _client = client;
        _links = links;
        _seal = seal;
    }

    /// <summary>Never waits. What is no address gets the URL of the default picture. Throws <see cref="InvalidOperationException"/> when the proxy is on and not mapped.</summary>
    /// <param name="address">An e-mail address, or an OpenID with its scheme.</param>
    /// <param name="useSha256">Null: as the site has it.</param>
    public string Url(HttpContext context, string? address, AvatarUrlOptions? options = null, bool? useSha256 = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        options ??= UsualOptions;
        var asked = options with { Default = options.Default ?? _site.Default, UseSha256 = useSha256 ?? (options.UseSha256 || _site.UseSha256) };
        var person = Read(address);
        return _site.Proxy ? OwnUrl(context, person, asked) : DirectUrl(person, asked);
    }

    /// <summary>Without scheme and without '@' a text is more likely a mistake than an OpenID.</summary>
    private static Address? Read(string? text) =>
        text is not null && (text.Contains('@', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal)) && Address.TryParse(text, out var address)
            ? address
            : null;

    private string OwnUrl(HttpContext context, Address? person, AvatarUrlOptions options)
    {
        var token = person is not null && AvatarTicket.Of(person, options) is { } ticket ? _seal.Value.Close(ticket) : AvatarProxy.Nobody;
        return _links.GetPathByName(context, AvatarEndpoints.Name, new RouteValueDictionary { [AvatarEndpoints.Token] = token })
            ?? throw new InvalidOperationException("The avatar proxy is on, but app.MapAvatars() was not called.");
    }

    private string DirectUrl(Address? person, AvatarUrlOptions options) =>
        (person is null ? _client.Url(Nobody, options with { ForceDefault = true }) : _client.Url(person, options))
        ?? "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(NeutralFace.Svg(0, options.Size ?? AvatarSizes.Standard.Default)));
}
