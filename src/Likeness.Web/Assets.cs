using System.Collections.Frozen;
using System.Security.Cryptography;
using Likeness.Web.Looks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web;

/// <summary>What pages load: style and script, from inside the assembly, each under a path that changes with its content.</summary>
internal static class Assets
{
    private const string Resources = "assets/";

    private static readonly FrozenDictionary<string, Asset> All = Read();

    /// <summary>Throws for one that is not there.</summary>
    public static Asset Of(string name) => All[name];

    /// <summary>Where a page finds the file. Throws for one that is not there.</summary>
    public static string Path(HttpContext context, string name) => All[name].Path(context);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var looks = endpoints.ServiceProvider.GetRequiredService<DomainLooks>();
        endpoints.MapMethods("/assets/{version}/{name}", ["GET", "HEAD"], context => Serve(context, looks)).WithDisplayName("assets");
    }

    private static async Task Serve(HttpContext context, DomainLooks looks)
    {
        var headers = context.Response.Headers;
        var (name, version) = ((string)context.Request.RouteValues["name"]!, (string)context.Request.RouteValues["version"]!);
        var asset = All.GetValueOrDefault(name);
        asset = asset?.Version == version ? asset : looks.Find(name, version);
        if (asset is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        headers.ContentType = asset.MediaType;
        headers.ContentLength = asset.Bytes.Length;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(asset.Bytes, context.RequestAborted);
        }
    }

    private static FrozenDictionary<string, Asset> Read()
    {
        var assembly = typeof(Assets).Assembly;
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Resources, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var name = resource[Resources.Length..];
            assets.Add(name, Asset.Of(name, bytes, name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"));
        }

        return assets.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>A file that pages load.</summary>
/// <param name="Version">Changes with the content.</param>
internal sealed record Asset(string Name, string Version, byte[] Bytes, string MediaType)
{
    public static Asset Of(string name, byte[] bytes, string mediaType) => new(name, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)), bytes, mediaType);

    /// <summary>Where a page finds it.</summary>
    public string Path(HttpContext context) => $"{context.Request.PathBase}/assets/{Version}/{Name}";
}
