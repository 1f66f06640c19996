using System.Globalization;
using System.Text;
using Likeness.Http.Renditions;
using Microsoft.AspNetCore.Http;
using Header = System.Collections.Generic.KeyValuePair<string, string>;

namespace Likeness.Http;

/// <summary>The answers of the endpoint, with the headers each must carry (L-50…L-55).</summary>
internal sealed class AvatarAnswers(DomainPolicies policies, IEnumerable<string> defaults)
{
    private const string Methods = "GET, HEAD, OPTIONS";

    // Generated faces change only with the program; a fixed date keeps their answers the same on every node.
    private static readonly DateTimeOffset FacesSince = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Header[] _commonDefault = Common(policies.Default.CacheSeconds);

    public AvatarAnswer Portrait(Portrait portrait, Rendition rendition, AnswerVersion version, long expires) =>
        Image(rendition, portrait.Changed, "portrait", Common(policies.For(portrait.Identity.Domain).CacheSeconds), version, expires);

    public AvatarAnswer Face(Rendition rendition, AnswerVersion version, long expires) =>
        Image(rendition, FacesSince, "default", _commonDefault, version, expires);

    /// <summary>For <c>d=404</c> (L-59).</summary>
    public AvatarAnswer NotFound(AnswerVersion version, long expires) =>
        Text(StatusCodes.Status404NotFound, "There is no avatar for this address.\n", [new("X-Avatar-Source", "none"), .. _commonDefault], version, expires);

    /// <summary>For <c>/avatar/</c> without hash (L-23).</summary>
    public AvatarAnswer MissingHash { get; } =
        Text(StatusCodes.Status400BadRequest, "Ask for /avatar/HASH, the MD5 or SHA-256 of an address.\n", Common(policies.Default.CacheSeconds));

    /// <summary>L-54.</summary>
    public AvatarAnswer MethodNotAllowed { get; } =
        Text(StatusCodes.Status405MethodNotAllowed, "Avatars can only be read.\n", [new("Allow", Methods), .. Common(policies.Default.CacheSeconds)]);

    /// <summary>No renderer is to be had; nothing to remember.</summary>
    public AvatarAnswer Busy { get; } =
        Text(StatusCodes.Status503ServiceUnavailable, "Try again later.\n", [new("Retry-After", "5"), .. Common(0)]);

    /// <summary>Methods and, in a header of their own, the keywords of <c>d</c> (L-55).</summary>
    public AvatarAnswer Capabilities { get; } = new(
        StatusCodes.Status204NoContent,
        [
            new("Allow", Methods),
            new("Access-Control-Allow-Methods", Methods),
            new("Access-Control-Allow-Headers", "*"),
            new("Access-Control-Max-Age", "86400"),
            new("X-Avatar-Defaults", string.Join(", ", defaults)),
            .. Common(policies.Default.CacheSeconds),
        ],
        default);

    private static AvatarAnswer Image(Rendition rendition, DateTimeOffset modified, string source, Header[] common, AnswerVersion version, long expires) =>
        new(
            StatusCodes.Status200OK,
            [
                new("Content-Type", rendition.MediaType),
                Length(rendition.Bytes.Length),
                new("ETag", rendition.EntityTag),
                new("Last-Modified", HttpClock.Format(modified)),
                new("X-Avatar-Source", source),
                .. common,
            ],
            rendition.Bytes)
        { Version = version, Expires = expires };

    private static AvatarAnswer Text(int status, string text, Header[] headers, AnswerVersion version = default, long expires = 0) =>
        new(
            status,
            [new("Content-Type", "text/plain; charset=utf-8"), Length(text.Length), .. headers],
            Encoding.ASCII.GetBytes(text))
        { Version = version, Expires = expires };

    private static Header Length(int bytes) => new("Content-Length", bytes.ToString(CultureInfo.InvariantCulture));

    // L-51, L-53: on every answer.
    private static Header[] Common(int seconds) =>
    [
        new("Cache-Control", string.Create(CultureInfo.InvariantCulture, $"public, max-age={seconds}")),
        new("Access-Control-Allow-Origin", "*"),
        new("X-Content-Type-Options", "nosniff"),
        new("Cross-Origin-Resource-Policy", "cross-origin"),
    ];
}
