using System.Globalization;
using System.Net;
using System.Text;
using Likeness.Accounts;
using Likeness.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Invitations;

/// <summary><c>/invite/TOKEN</c>: what somebody reads who was sent an invitation (XEP-0401 §5.2). The link is worth an account: nothing keeps it or passes it on.</summary>
public static class InvitationPage
{
    private const string Programs = """
        <ul>
        <li>Android: Conversations, from <a href="https://f-droid.org/packages/eu.siacs.conversations/">F-Droid</a> or <a href="https://play.google.com/store/apps/details?id=eu.siacs.conversations">Google Play</a></li>
        <li>iPhone, iPad, Mac: Monal, from the <a href="https://apps.apple.com/app/id317711500">App Store</a></li>
        <li>Linux: <a href="https://dino.im/">Dino</a>; Linux and Windows: <a href="https://gajim.org/">Gajim</a></li>
        </ul>
        """;

    /// <summary>Needs the <see cref="InvitationBook"/>.</summary>
    public static void MapInvitations(this IEndpointRouteBuilder endpoints)
    {
        var book = endpoints.ServiceProvider.GetRequiredService<InvitationBook>();
        endpoints.MapMethods("/invite/{token}", ["GET", "HEAD"], context => Show(context, book)).WithDisplayName("invitation");
    }

    private static async Task Show(HttpContext context, InvitationBook book)
    {
        var token = (string)context.Request.RouteValues["token"]!;
        var invitation = await book.Find(token, context.RequestAborted);
        context.Response.StatusCode = invitation is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        var bytes = Encoding.UTF8.GetBytes(invitation is null ? Gone() : Text(invitation, token));
        var headers = context.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.ContentLength = bytes.Length;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(bytes, CancellationToken.None);
        }
    }

    private static string Gone() => Page(
        "This invitation is not good any more",
        "<p>It was used, taken back, or is too old. Ask whoever sent it for another one.</p>");

    private static string Text(Invitation invitation, string token)
    {
        var text = new StringBuilder();
        if (invitation.Inviter is { } inviter)
        {
            text.Append(CultureInfo.InvariantCulture, $"<p><b>{Html(inviter.Value)}</b> invites you to chat.</p>\n");
        }

        if (invitation.OpensAccount)
        {
            text.Append(invitation.Name is { } name
                ? $"<p>An account is kept for you: <b>{Html($"{name}@{invitation.Domain}")}</b>. You choose its password.</p>\n"
                : $"<p>You can open an account at <b>{Html(invitation.Domain)}</b>{(invitation.ForContact ? ", unless you have one elsewhere" : "")}.</p>\n");
        }

        text.Append("<ol>\n<li>Get a chat program, if you have none:\n").Append(Programs).Append("</li>\n");
        text.Append(CultureInfo.InvariantCulture, $"<li><a href=\"{Html(InvitationLinks.Chat(invitation, token))}\" style=\"display: inline-block; padding: .6em 1em; background: #14532d; color: #fff; border-radius: .4em\">Open the invitation in it</a></li>\n</ol>\n");
        text.Append(CultureInfo.InvariantCulture, $"<p>It is good once, until {invitation.Expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Whoever has this page's address can use it.</p>");
        return Page($"An invitation to {invitation.Domain}", text.ToString());
    }

    private static string Page(string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Html(title)}</title></head>
        <body style="font: 1.1em/1.6 sans-serif; max-width: 36em; margin: 3em auto; padding: 0 1em">
        <h1>{Html(title)}</h1>
        {body}
        </body>
        </html>

        """;

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
