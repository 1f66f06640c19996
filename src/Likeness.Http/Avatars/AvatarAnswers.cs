using System.Globalization;
using System.Text;
using Likeness.Http.Renditions;
using Microsoft.AspNetCore.Http;
using Header = System.Collections.Generic.KeyValuePair<string, string>;

namespace Likeness.Http;

/// <summary>The answers of one domain, with the headers each must carry (L-50…L-55).</summary>
internal sealed class AvatarAnswers(DomainPolicy policy)
{
    private const string Methods = "GET, HEAD, OPTIONS";
    private const int FaceDates = 10_000_000;

    private static readonly DateTimeOffset FacesSince = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly int _defaultSeconds = policy.DefaultCacheSeconds ?? policy.CacheSeconds;

    /// <summary>For <c>/avatar/</c> without hash (L-23).</summary>
    public AvatarAnswer MissingHash { get; } =
        Text(StatusCodes.Status400BadRequest, "Ask for /avatar/HASH, the MD5 or SHA-256 of an address.\n", [], Cached(policy.CacheSeconds));

    /// <summary>L-54.</summary>
    public AvatarAnswer MethodNotAllowed { get; } =
        Text(StatusCodes.Status405MethodNotAllowed, "Avatars can only be read.\n", [new("Allow", Methods)], Cached(policy.CacheSeconds));

    /// <summary>No renderer is to be had; nothing to remember.</summary>
    public AvatarAnswer Busy { get; } =
        Text(StatusCodes.Status503ServiceUnavailable, "Try again later.\n", [new("Retry-After", "5")], Cached(0));

    /// <summary>One client caused too many renders (L-5B); nothing to remember.</summary>
    public AvatarAnswer TooManyRenders(TimeSpan retryAfter) =>
        Text(
            StatusCodes.Status429TooManyRequests,
            "Too many new avatars were asked for from this address.\n",
            [new("Retry-After", Number((long)Math.Ceiling(retryAfter.TotalSeconds)))],
            "no-store");

    /// <summary>Methods and, in a header of their own, the keywords of <c>d</c> (L-55).</summary>
    public AvatarAnswer Capabilities(IEnumerable<string> defaults) => new(
        StatusCodes.Status204NoContent,
        [
            new("Allow", Methods),
            new("Access-Control-Allow-Methods", Methods),
            new("Access-Control-Allow-Headers", "*"),
            new("Access-Control-Max-Age", "86400"),
            new("X-Avatar-Defaults", string.Join(", ", defaults)),
            .. Common(Cached(policy.CacheSeconds)),
        ],
        default);

    public AvatarAnswer Portrait(Rendition rendition, DateTimeOffset changed, AnswerVersion version, long expires) =>
        Image(rendition, changed, "portrait", Cached(policy.CacheSeconds), new AnswerLife(version, expires));

    public AvatarAnswer Gravatar(Rendition rendition, DateTimeOffset changed, AnswerLife life) =>
        Image(rendition, changed, "gravatar", Cached(policy.CacheSeconds), life);

    /// <summary>A picture from the server of another domain.</summary>
    public AvatarAnswer Gateway(Rendition rendition, DateTimeOffset changed, AnswerLife life) =>
        Image(rendition, changed, "gateway", Cached(policy.CacheSeconds), life);

    /// <summary>A picture of the operator's in place of a portrait.</summary>
    public AvatarAnswer SiteImage(Rendition rendition, DateTimeOffset changed, AnswerLife life) =>
        Image(rendition, changed, "default", Cached(life.Limit(_defaultSeconds)), life);

    public AvatarAnswer Face(Rendition rendition, AnswerLife life) =>
        Image(rendition, DateOf(rendition), "default", Cached(life.Limit(_defaultSeconds)), life);

    /// <summary>For <c>d=404</c> (L-59).</summary>
    public AvatarAnswer NotFound(AnswerLife life) => Text(
        StatusCodes.Status404NotFound,
        "There is no avatar for this address.\n",
        [new("X-Avatar-Source", "none")],
        Cached(life.Limit(_defaultSeconds)),
        life);

    /// <summary>L-56. <paramref name="location"/> is ASCII and written by this program.</summary>
    public AvatarAnswer Redirect(string location, string source, AnswerLife life) => new(
        StatusCodes.Status307TemporaryRedirect,
        [new("Location", location), Length(0), new("X-Avatar-Source", source), .. Common(Cached(life.Limit(_defaultSeconds)))],
        default)
    { Version = life.Version, Expires = life.Expires };

    internal static AvatarAnswer Image(Rendition rendition, DateTimeOffset modified, string source, string caching, AnswerLife life) =>
        new(
            StatusCodes.Status200OK,
            [
                new("Content-Type", rendition.MediaType),
                Length(rendition.Bytes.Length),
                new("ETag", rendition.EntityTag),
                new("Last-Modified", HttpClock.Format(modified)),
                new("X-Avatar-Source", source),
                .. Common(caching),
            ],
            rendition.Bytes)
        { Version = life.Version, Expires = life.Expires };

    internal static AvatarAnswer Text(int status, string text, Header[] headers, string caching, AnswerLife life = default) =>
        new(
            status,
            [new("Content-Type", "text/plain; charset=utf-8"), Length(text.Length), .. headers, .. Common(caching)],
            Encoding.ASCII.GetBytes(text))
        { Version = life.Version, Expires = life.Expires };

    internal static string Cached(int seconds) => $"public, max-age={Number(seconds)}";

    // A face has no date of its own. One that follows from its bytes is the same on every node, and another face has another one.
    private static DateTimeOffset DateOf(Rendition rendition) =>
        FacesSince.AddSeconds(Convert.ToUInt32(rendition.EntityTag[1..9], 16) % FaceDates);

    private static Header Length(int bytes) => new("Content-Length", Number(bytes));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // L-51, L-53: on every answer.
    private static Header[] Common(string caching) =>
    [
        new("Cache-Control", caching),
        new("Access-Control-Allow-Origin", "*"),
        new("X-Content-Type-Options", "nosniff"),
        new("Cross-Origin-Resource-Policy", "cross-origin"),
    ];
}
