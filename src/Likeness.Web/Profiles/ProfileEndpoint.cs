using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Likeness.Web.Profiles;

/// <summary>
/// <c>/HASH.json</c>: what a person shows of themselves, as programs that know Gravatar's profiles ask for it. Whoever shows nothing, or is
/// not known, is the same. Nobody keeps it without asking again, so that what is taken back is gone at once.
/// </summary>
internal sealed class ProfileEndpoint(ProfileBook profiles, PageOptions options)
{
    private const int TagBytes = 12;

    private static readonly byte[] Nobody = "\"User not found\"\n"u8.ToArray();

    /// <summary>Where avatars and profiles are found from outside.</summary>
    public string Root(HttpRequest request) => options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods($"/{{hash:{AvatarHashConstraint.Name}}}.json", ["GET", "HEAD"], (RequestDelegate)Serve).WithDisplayName("profile");

    private async Task Serve(HttpContext context)
    {
        var shown = AddressHash.TryParse((string)context.Request.RouteValues["hash"]!, out var hash) ? await profiles.Shown(hash, context.RequestAborted) : null;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers["X-Robots-Tag"] = "noindex";
        headers.CacheControl = "public, no-cache";
        if (shown is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await Write(context, Nobody);
            return;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(Document(shown, hash, Root(context.Request)), ProfileJson.Default.ProfileDocument);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes))}\"");
        headers.ETag = tag.ToString();
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(EntityTagHeaderValue.Any, useStrongComparison: false) || known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await Write(context, body);
    }

    private static async Task Write(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        }
    }

    private static ProfileDocument Document(ShownProfile shown, AddressHash hash, string root)
    {
        var picture = $"{root}/avatar/{hash.Text}";
        return new ProfileDocument([new ProfileEntry(
            hash.Text,
            hash.Text,
            $"{root}/{hash.Text}",
            picture,
            shown.Alt,
            [new ProfilePhoto(picture, "thumbnail")],
            shown.Profile.Name,
            [.. shown.Profile.Links.Select(link => new ProfileUrl(link.Url, link.Label()))])]);
    }
}

/// <summary>An MD5 or SHA-256 in a path.</summary>
internal sealed class AvatarHashConstraint : IRouteConstraint
{
    public const string Name = "avatarhash";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string text && AddressHash.TryParse(text, out _);
}

/// <summary>The list that there is in Gravatar's profiles, of one.</summary>
internal sealed record ProfileDocument(IReadOnlyList<ProfileEntry> Entry);

/// <summary>As far as people publish it here. Neither a user name nor an address is in it, which nobody chose to publish.</summary>
internal sealed record ProfileEntry(
    string Hash,
    string RequestHash,
    string ProfileUrl,
    string ThumbnailUrl,
    string? ThumbnailAlt,
    IReadOnlyList<ProfilePhoto> Photos,
    string DisplayName,
    IReadOnlyList<ProfileUrl> Urls);

internal sealed record ProfilePhoto(string Value, string Type);

internal sealed record ProfileUrl(string Value, string Title);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProfileDocument))]
internal sealed partial class ProfileJson : JsonSerializerContext;
