using System.Globalization;
using System.Text.RegularExpressions;
using Likeness.Http.Answering;
using Likeness.Http.Renditions;
using Likeness.Http.Resolving;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Avatars;

/// <summary><c>/static/defaults/{name}.{size}.jpg</c>: defaults under a plain path without a query, as microavatar has them and Gravatar wants them.</summary>
internal sealed partial class StaticDefaults(AvatarSites sites, AvatarEndpoint avatars, PreparedAnswers prepared)
{
    private const string Nobody = "nobody";

    /// <summary>Handles every method. A size out of range is refused (400); a name that means nothing gives the site default.</summary>
    public async Task Serve(HttpContext context) => await (await Find(context)).Write(context);

    private async ValueTask<AvatarAnswer> Find(HttpContext context)
    {
        var site = sites.Of(context.Request);
        if (!AvatarAnswer.IsRead(context.Request))
        {
            return context.Request.Method == "OPTIONS" ? site.Answers.Capabilities([]) : site.Answers.MethodNotAllowed;
        }

        if (Spelling().Match(context.Request.RouteValues["file"] as string ?? "") is not { Success: true } match)
        {
            return Refusal(StatusCodes.Status404NotFound, "Ask for /static/defaults/NAME.SIZE.jpg.\n");
        }

        if (!int.TryParse(match.Groups["size"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size < 1 || size > site.Policy.Sizes.Largest)
        {
            return Refusal(StatusCodes.Status400BadRequest, "The size is out of range.\n");
        }

        // A URL or 404 means nothing here: this is where others are redirected to.
        var name = match.Groups["name"].Value is DefaultKeywords.NotFound ? Nobody : match.Groups["name"].Value;
        var query = new AvatarQuery(null, AvatarFormat.Jpeg, size, name, ForceDefault: true);
        return await avatars.Answer(
            new AvatarRequest(site, query, prepared.Begin(null)) { Client = RenderQueue.ClientOf(context.Connection.RemoteIpAddress) },
            context.RequestAborted);
    }

    private static AvatarAnswer Refusal(int status, string text) => AvatarAnswers.Text(status, text, AvatarAnswers.Cached(60));

    [GeneratedRegex(@"\A(?<name>[A-Za-z0-9_-]{1,64})\.(?<size>[0-9-]{1,9})\.jpg\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Spelling();
}
