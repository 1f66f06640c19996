using System.Security;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Likeness.Http.WellKnown;

/// <summary>
/// <c>/.well-known/host-meta</c> and <c>/.well-known/host-meta.json</c>: how chat programs in browsers, which cannot ask DNS, find the server of a domain (XEP-0156 §3).
/// </summary>
public static class HostMeta
{
    private const string WebSocketRelation = "urn:xmpp:alt-connections:websocket";

    /// <param name="webSocket">The address of the WebSocket for chats, as browsers reach it, for who asks like this; null: not known.</param>
    public static void MapHostMeta(this IEndpointRouteBuilder endpoints, Func<HttpRequest, Uri?> webSocket)
    {
        string[] read = ["GET", "HEAD"];
        endpoints.MapMethods("/.well-known/host-meta", read, context => Serve(context, webSocket, isJson: false)).WithDisplayName("host-meta");
        endpoints.MapMethods("/.well-known/host-meta.json", read, context => Serve(context, webSocket, isJson: true)).WithDisplayName("host-meta");
    }

    /// <summary>The document for one WebSocket, as XRD (RFC 6415 §2).</summary>
    public static string Xml(Uri webSocket) =>
        $"""
        <?xml version='1.0' encoding='utf-8'?>
        <XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>
          <Link rel='{WebSocketRelation}' href='{SecurityElement.Escape(webSocket.AbsoluteUri)}'/>
        </XRD>

        """;

    /// <summary>The same as JSON (RFC 6415 Appendix A).</summary>
    public static string Json(Uri webSocket) =>
        System.Text.Json.JsonSerializer.Serialize(new HostMetaDocument([new HostMetaLink(WebSocketRelation, webSocket.AbsoluteUri)]), HostMetaJson.Default.HostMetaDocument);

    private static Task Serve(HttpContext context, Func<HttpRequest, Uri?> webSocket, bool isJson)
    {
        // XEP-0156 §3.2: for scripts of every site.
        var response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.XContentTypeOptions = "nosniff";
        if (webSocket(context.Request) is not { } address)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            response.ContentType = "text/plain; charset=utf-8";
            return response.WriteAsync("It is not known how browsers reach this server: set public-url.\n", context.RequestAborted);
        }

        response.Headers.CacheControl = "public, max-age=3600";
        response.ContentType = isJson ? "application/json" : "application/xrd+xml";
        return response.WriteAsync(isJson ? Json(address) : Xml(address), context.RequestAborted);
    }
}

internal sealed record HostMetaDocument(IReadOnlyList<HostMetaLink> Links);

internal sealed record HostMetaLink(string Rel, string Href);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostMetaDocument))]
internal sealed partial class HostMetaJson : JsonSerializerContext;
