using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Likeness.Web;

/// <summary>What pages load: style and script, from inside the assembly, each under a path that changes with its content.</summary>
internal static class Assets
{
    private const string Resources = "assets/";

    private static readonly FrozenDictionary<string, Asset> All = Read();

    /// <summary>Where a page finds the file. Throws for one that is not there.</summary>
    public static string Path(HttpContext context, string name) => $"{context.Request.PathBase}/assets/{All[name].Version}/{name}";

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/assets/{version}/{name}", ["GET", "HEAD"], Serve).WithDisplayName("assets");

    private static async Task Serve(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (!All.TryGetValue((string)context.Request.RouteValues["name"]!, out var asset) || asset.Version != (string)context.Request.RouteValues["version"]!)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        headers.ContentType = asset.MediaType;
        headers.ContentLength = asset.Bytes.Length;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
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
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Resources, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var type = name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
            assets.Add(name[Resources.Length..], new Asset(bytes, type, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))));
        }

        return assets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private sealed record Asset(byte[] Bytes, string MediaType, string Version);
}
