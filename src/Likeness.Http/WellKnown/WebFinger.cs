using System.Globalization;
using System.Text.Json.Serialization;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Likeness.Http.WellKnown;

/// <summary><c>/.well-known/webfinger</c> (RFC 7033): where the avatar of an address is, and in which sizes.</summary>
/// <param name="publicUrl">Where this server is reached from outside; null: as the request reached it.</param>
public sealed class WebFinger(PortraitBook book, AddressBook addresses, DomainPolicies policies, Uri? publicUrl, PictureAlbum? album = null, SeenTally? seen = null)
{
    private const string Avatar = "http://webfinger.net/rel/avatar";

    // RFC 7033 §4.4.4.4: words whose language nobody said.
    private const string NoLanguage = "und";
    private const string Width = "https://schema.org/width";
    private const string Height = "https://schema.org/height";
    private static readonly int[] Sizes = [512, 192, 96];

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/.well-known/webfinger", ["GET", "HEAD"], (RequestDelegate)Serve).WithDisplayName("webfinger");

    private async Task Serve(HttpContext context)
    {
        // RFC 7033 §5, §7: for scripts of every site, and cacheable, nothing found included.
        var response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentType = "text/plain; charset=utf-8";
        if (context.Request.Query["resource"] is not [{ Length: > 0 } resource] || resource.Length > 512)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            await response.WriteAsync("Ask for /.well-known/webfinger?resource=acct:NAME@DOMAIN.\n", context.RequestAborted);
            return;
        }

        var address = Read(resource);
        var owner = address is null ? null : await addresses.Find(address, context.RequestAborted);
        var portrait = owner is { } person ? await book.Find(person, context.RequestAborted) : null;
        response.Headers.CacheControl = string.Create(
            CultureInfo.InvariantCulture, $"public, max-age={policies.For(address?.Domain ?? "").CacheSeconds}");
        var chosen = portrait is not null && album is not null ? await album.ShownAt(portrait, address!.Hashes[0], context.RequestAborted) : null;
        if (portrait?.Source is not { } picture || !book.VisibilityOf(portrait).ShowsTo(AvatarRelation.Stranger) || chosen is { Picture: null })
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            await response.WriteAsync("Nobody of this address shows a picture.\n", context.RequestAborted);
            return;
        }

        seen?.Add(portrait.Identity, SeenWhat.WebFinger, 1);
        var document = new WebFingerDocument(
            "acct:" + address!.Text,
            Wants(context.Request) ? [.. Sizes.Select(size => Link(context.Request, address, chosen?.Picture?.Source ?? picture, size, chosen is null ? portrait.Alt : chosen.Picture.Alt))] : []);
        await response.WriteAsJsonAsync(document, WebFingerJson.Default.WebFingerDocument, "application/jrd+json", context.RequestAborted);
    }

    /// <summary>An <c>acct:</c> URI (RFC 7565) of a served domain.</summary>
    private Address? Read(string resource)
    {
        const string Scheme = "acct:";
        return resource.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && Address.TryParse(Uri.UnescapeDataString(resource[Scheme.Length..]), out var address)
            && address.Kind == AddressKind.Email
            && policies.Serves(address.Domain)
            ? address
            : null;
    }

    private static bool Wants(HttpRequest request) =>
        request.Query["rel"] is not { Count: > 0 } wanted || wanted.Contains(Avatar);

    private WebFingerLink Link(HttpRequest request, Address address, PictureInfo picture, int size, string? alt)
    {
        var root = publicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
        var format = Painter.StoredFormat(picture);
        var pixels = size.ToString(CultureInfo.InvariantCulture);
        return new WebFingerLink(
            Avatar,
            format.MediaType(),
            $"{root}/avatar/{address.Sha256}?s={pixels}",
            new Dictionary<string, string> { [Width] = pixels, [Height] = pixels },
            alt is null ? null : new Dictionary<string, string> { [NoLanguage] = alt });
    }
}

/// <summary>What is told of a resource (RFC 7033 §4.4).</summary>
internal sealed record WebFingerDocument(string Subject, IReadOnlyList<WebFingerLink> Links);

/// <summary>One link of it (RFC 7033 §4.4.4).</summary>
/// <param name="Properties">Names are URIs.</param>
/// <param name="Titles">What it shows, by language; null: nobody said.</param>
internal sealed record WebFingerLink(string Rel, string Type, string Href, IReadOnlyDictionary<string, string> Properties, IReadOnlyDictionary<string, string>? Titles);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebFingerDocument))]
internal sealed partial class WebFingerJson : JsonSerializerContext;
