using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Likeness.Http.Answering;
using Likeness.Http.Renditions;
using Likeness.Http.Resolving;
using Likeness.Imaging;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Versions;

/// <summary>
/// Serves <c>/p/{sha1}/{size}.{ext}</c>: a picture that some public portrait shows at this moment, under a name that
/// changes with its bytes, so that browsers may keep it for good. What was published by chat is rendered; a master, which
/// was made here, is given as it is when size and type are its own: chats check it against its SHA-1.
/// </summary>
internal sealed class VersionEndpoint(PreparedAnswers prepared, AvatarSites sites, PortraitBook book, PortraitResolver portraits, Painter painter, SeenTally seen)
{
    private const int AbsentSeconds = 60;

    /// <summary>Nobody shows it (any more), or the name is none.</summary>
    private static readonly AvatarAnswer Absent = AvatarAnswers.Text(
        StatusCodes.Status404NotFound, "No portrait shows this picture.\n", AvatarAnswers.Cached(AbsentSeconds), null, new AnswerHeader("X-Avatar-Source", "none"));

    /// <summary>Handles every method.</summary>
    public async Task Serve(HttpContext context)
    {
        var answer = await Find(context);
        answer.Count(context.Request);
        await answer.Write(context);
    }

    private ValueTask<AvatarAnswer> Find(HttpContext context)
    {
        if (!AvatarAnswer.IsRead(context.Request))
        {
            return new(context.Request.Method == "OPTIONS" ? sites.Default.Answers.Capabilities([]) : sites.Default.Answers.MethodNotAllowed);
        }

        var key = VersionTarget.KeyOf(context.Request);
        return prepared.TryRecall(key, out var answer) ? new(answer) : Prepare(key, context);
    }

    private async ValueTask<AvatarAnswer> Prepare(byte[] key, HttpContext context)
    {
        if (!VersionTarget.TryRead(key, out var target))
        {
            return Absent;
        }

        try
        {
            foreach (var owner in await book.ShownBy(target.Picture, context.RequestAborted))
            {
                // The portrait is read behind the version, so that a change in between is noticed.
                var memo = prepared.Begin(null);
                memo.DependOn(owner);
                var portrait = await book.Find(owner, context.RequestAborted);
                var wish = new RenditionWish(target.Size, target.Format, RenderQueue.ClientOf(context.Connection.RemoteIpAddress));
                if (portraits.IsPublic(portrait) && await Show(portrait, target, wish, context.RequestAborted) is { } rendition)
                {
                    memo.Seen = seen.CounterFor(owner, SeenWhat.Link, target.Size, target.Format.Extension());
                    var answer = AvatarAnswers.ForEver(rendition, portrait.Changed, memo);
                    prepared.Offer(key, answer);
                    return answer;
                }
            }
        }
        catch (RenderUnavailableException)
        {
            return sites.Default.Answers.Busy;
        }
        catch (TooManyRendersException exception)
        {
            return AvatarAnswers.TooManyRenders(exception.RetryAfter);
        }

        return Absent;
    }

    private async ValueTask<Rendition?> Show(Portrait portrait, VersionTarget target, RenditionWish wish, CancellationToken cancellationToken)
    {
        var picture = portrait.Master?.Id == target.Picture ? portrait.Master : portrait.Picture;
        if (picture is null || picture.Id != target.Picture)
        {
            return null;
        }

        var isItself = picture == portrait.Master
            && (picture.Width, picture.Height, Painter.StoredFormat(picture)) == (target.Size, target.Size, target.Format);
        if (isItself)
        {
            return await book.Read(picture.Id, cancellationToken) is { } stored ? Rendition.Of(stored.Bytes, target.Format) : null;
        }

        return target.Size <= sites.Of(portrait.Identity).Policy.Sizes.Largest
            ? await painter.Picture(picture, portrait.Identity, () => portraits.Read(picture), wish, cancellationToken)
            : null;
    }
}

/// <summary>What <c>/p/{sha1}/{size}.{ext}</c> names: one picture for good, at one size and of one type.</summary>
internal readonly partial record struct VersionTarget(PictureId Picture, int Size, ImageFormat Format)
{
    // No byte of UTF-8: no other target begins like this.
    private const byte Mark = 0xFF;
    private const int Longest = 60;

    /// <summary>What its prepared answer is found by; the query does not count.</summary>
    public static byte[] KeyOf(HttpRequest request)
    {
        var path = request.RouteValues["target"] as string ?? "";
        var text = path.Length > Longest ? "" : path;
        var key = new byte[1 + Encoding.UTF8.GetByteCount(text)];
        key[0] = Mark;
        Encoding.UTF8.GetBytes(text, key.AsSpan(1));
        return key;
    }

    /// <summary>Each picture has one spelling: lower-case hex, no leading zeros, one extension for each type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> key, out VersionTarget target)
    {
        target = default;
        if (Spelling().Match(Encoding.UTF8.GetString(key[1..])) is not { Success: true } match
            || !ImageFormats.TryParseExtension(match.Groups["type"].ValueSpan, out var format))
        {
            return false;
        }

        target = new VersionTarget(new PictureId(match.Groups["id"].Value), int.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture), format);
        return true;
    }

    [GeneratedRegex(@"\A(?<id>[0-9a-f]{40})/(?<size>[1-9][0-9]{0,3})\.(?<type>jpg|png|webp|gif|avif)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Spelling();
}
