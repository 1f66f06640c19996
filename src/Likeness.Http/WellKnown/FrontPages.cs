using Likeness.Http.Renditions;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.WellKnown;

/// <summary>What a person, a browser and a crawler ask for who know nothing of avatars: <c>/</c>, <c>/favicon.ico</c>, <c>/robots.txt</c>.</summary>
public static class FrontPages
{
    private const int IconSize = 48;

    private const string Front = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Avatars</title></head>
        <body style="font: 1.1em/1.6 sans-serif; max-width: 36em; margin: 3em auto; padding: 0 1em">
        <h1>This is an avatar server</h1>
        <p>It gives the pictures of people to web sites and chats. Sites ask for <code>/avatar/HASH</code>, where HASH is the SHA-256 or
        MD5 of an e-mail address in lower case; a size can be added: <code>?s=128</code>. Nobody's address can be read from it.</p>
        <p>You have an account in this domain? The picture you set in your chat program is the one that is shown here.</p>
        <p>The server is <a href="https://wiki.libravatar.org/api/">compatible with Libravatar</a>.</p>
        </body>
        </html>

        """;

    // People's pictures are for the pages they are on, not for a search of pictures.
    private const string Robots = "User-agent: *\nDisallow: /\n";

    private static readonly string[] Read = ["GET", "HEAD"];

    /// <summary>What is at <c>/</c> where no pages for people are.</summary>
    public static void MapFrontPage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/", Read, context => Write(context, "text/html; charset=utf-8", Front)).WithDisplayName("front");

    /// <summary>Needs the avatars beside it.</summary>
    public static void MapSmallFiles(this IEndpointRouteBuilder endpoints)
    {
        var painter = endpoints.ServiceProvider.GetRequiredService<Painter>();
        endpoints.MapMethods("/robots.txt", Read, context => Write(context, "text/plain; charset=utf-8", Robots)).WithDisplayName("robots");
        endpoints.MapMethods("/favicon.ico", Read, context => Icon(context, painter)).WithDisplayName("icon");
    }

    private static async Task Icon(HttpContext context, Painter painter)
    {
        var face = FaceCatalogue.Find(DefaultKeywords.MysteryMan)!;
        var icon = await painter.Face(face, null, null, null, new RenditionWish(IconSize, null, null), context.RequestAborted);
        Head(context, icon.MediaType, icon.Bytes.Length, "default-src 'none'; sandbox");
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(icon.Bytes, CancellationToken.None);
        }
    }

    private static Task Write(HttpContext context, string type, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Head(context, type, bytes.Length);
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(bytes, CancellationToken.None).AsTask();
    }

    private static void Head(HttpContext context, string type, int length, string policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    {
        var headers = context.Response.Headers;
        headers.ContentType = type;
        headers.ContentLength = length;
        headers.CacheControl = "public, max-age=3600";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = policy;
    }
}
