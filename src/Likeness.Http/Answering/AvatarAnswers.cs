using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Likeness.Http.Renditions;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Answering;

/// <summary>The answers of one domain, with the headers each must carry.</summary>
internal sealed class AvatarAnswers(DomainPolicy policy)
{
    private const string Methods = "GET, HEAD, OPTIONS";
    private const string ForGood = "public, max-age=31536000, immutable";
    private const int FaceDates = 10_000_000;

    private static readonly DateTimeOffset FacesSince = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly int _defaultSeconds = policy.DefaultCacheSeconds ?? policy.CacheSeconds;

    /// <summary>For <c>/avatar/</c> without hash.</summary>
    public AvatarAnswer MissingHash { get; } =
        Text(StatusCodes.Status400BadRequest, "Ask for /avatar/HASH, the MD5 or SHA-256 of an address.\n", Cached(policy.CacheSeconds));

    /// <summary>For any method that changes something.</summary>
    public AvatarAnswer MethodNotAllowed { get; } =
        Text(StatusCodes.Status405MethodNotAllowed, "Avatars can only be read.\n", Cached(policy.CacheSeconds), null, new AnswerHeader("Allow", Methods));

    /// <summary>No renderer, or no database, is to be had; nothing to remember.</summary>
    public AvatarAnswer Busy { get; } =
        Text(StatusCodes.Status503ServiceUnavailable, "Try again later.\n", Cached(0), null, new AnswerHeader("Retry-After", "5"));

    /// <summary>One client caused too many renders; nothing to remember.</summary>
    public static AvatarAnswer TooManyRenders(TimeSpan retryAfter) =>
        Text(
            StatusCodes.Status429TooManyRequests,
            "Too many new avatars were asked for from this address.\n",
            "no-store",
            null,
            new AnswerHeader("Retry-After", ((long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Methods and, in a header of their own, the keywords of <c>d</c>.</summary>
    public AvatarAnswer Capabilities(IEnumerable<string> defaults) => new(
        StatusCodes.Status204NoContent,
        null,
        default,
        Cached(policy.CacheSeconds),
        [
            new("Allow", Methods),
            new("Access-Control-Allow-Methods", Methods),
            new("Access-Control-Allow-Headers", "*"),
            new("Access-Control-Max-Age", "86400"),
            new("X-Avatar-Defaults", string.Join(", ", defaults)),
        ]);

    /// <summary>Somebody's picture: of a person here, of Gravatar's, or of another domain's server.</summary>
    public AvatarAnswer Picture(Rendition rendition, DateTimeOffset changed, string source, AnswerMemo memo) =>
        Image(rendition, changed, source, Cached(policy.CacheSeconds), memo);

    /// <summary>A picture of the operator's in place of a portrait.</summary>
    public AvatarAnswer SiteImage(Rendition rendition, DateTimeOffset changed, AnswerMemo memo) =>
        Image(rendition, changed, "default", Cached(memo.Limit(_defaultSeconds)), memo);

    public AvatarAnswer Face(Rendition rendition, AnswerMemo memo) => SiteImage(rendition, DateOf(rendition), memo);

    /// <summary>For <c>d=404</c>.</summary>
    public AvatarAnswer NotFound(AnswerMemo memo) =>
        Text(StatusCodes.Status404NotFound, "There is no avatar for this address.\n", Cached(memo.Limit(_defaultSeconds)), memo, SourceOf("none"));

    /// <summary>To a picture elsewhere. <paramref name="location"/> is ASCII and written by this program.</summary>
    public AvatarAnswer Redirect(string location, string source, AnswerMemo memo) => new(
        StatusCodes.Status307TemporaryRedirect,
        null,
        default,
        Cached(memo.Limit(_defaultSeconds)),
        [new("Location", location), SourceOf(source)])
    { Source = source, Memo = memo };

    /// <summary>A picture under a name that stands for its bytes.</summary>
    public static AvatarAnswer ForEver(Rendition rendition, DateTimeOffset changed, AnswerMemo memo) => Image(rendition, changed, "portrait", ForGood, memo);

    public static AvatarAnswer Text(int status, string text, string caching, AnswerMemo? memo = null, params ReadOnlySpan<AnswerHeader> headers) =>
        new(status, "text/plain; charset=utf-8", Encoding.ASCII.GetBytes(text), caching, [.. headers])
        { Source = status == StatusCodes.Status404NotFound ? "none" : null, Memo = memo };

    public static string Cached(int seconds) => string.Create(CultureInfo.InvariantCulture, $"public, max-age={seconds}");

    private static FrozenDictionary<string, AnswerHeader[]> OfPictures { get; } =
        new[] { "portrait", "default", "gravatar", "gateway" }.ToFrozenDictionary(source => source, source => (AnswerHeader[])[SourceOf(source)]);

    private static AnswerHeader SourceOf(string source) => new("X-Avatar-Source", source);

    private static AvatarAnswer Image(Rendition rendition, DateTimeOffset modified, string source, string caching, AnswerMemo memo) =>
        new(StatusCodes.Status200OK, rendition.MediaType, rendition.Bytes, caching, OfPictures[source])
        { Tag = rendition.EntityTag, LastModified = HttpClock.Format(modified), Source = source, Memo = memo };

    // A face has no date of its own. One that follows from its bytes is the same on every node, and another face has another one.
    private static DateTimeOffset DateOf(Rendition rendition) =>
        FacesSince.AddSeconds(Convert.ToUInt32(rendition.EntityTag[1..9], 16) % FaceDates);
}
