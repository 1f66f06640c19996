using Likeness.Http.Renditions;
using Likeness.Imaging;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Versions;

/// <summary>
/// Serves <c>/p/{sha1}/{size}.{ext}</c>: a picture that some public portrait shows at this moment, under a name that
/// changes with its bytes, so that browsers may keep it for good. What was published by chat is rendered; a master, which
/// was made here, is given as it is when size and type are its own: chats check it against its SHA-1.
/// </summary>
public sealed class VersionEndpoint(PreparedAnswers prepared, AvatarSites sites, PortraitBook book, PublicPortraits portraits, PortraitVersions versions)
{
    /// <summary>Handles every method.</summary>
    public async Task Serve(HttpContext context) => await AnswerWriter.Write(context, await Find(context));

    private ValueTask<AvatarAnswer> Find(HttpContext context)
    {
        if (!AnswerWriter.IsRead(context.Request))
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
            return VersionAnswers.NotFound;
        }

        try
        {
            foreach (var owner in await book.ShownBy(target.Picture, context.RequestAborted))
            {
                // The portrait is read behind the version, so that a change in between is noticed.
                var version = versions.Of(owner, versions.OfAddresses());
                var portrait = await book.Find(owner, context.RequestAborted);
                var wish = new RenditionWish(target.Size, target.Format, context.Connection.RemoteIpAddress);
                if (portraits.IsPublic(portrait) && await Show(portrait, target, wish, context.RequestAborted) is { } rendition)
                {
                    var answer = VersionAnswers.Picture(rendition, portrait.Changed, new AnswerLife(version, prepared.Expiry));
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
            return sites.Default.Answers.TooManyRenders(exception.RetryAfter);
        }

        return VersionAnswers.NotFound;
    }

    private async ValueTask<Rendition?> Show(Portrait portrait, VersionTarget target, RenditionWish wish, CancellationToken cancellationToken)
    {
        var picture = portrait.Master?.Id == target.Picture ? portrait.Master : portrait.Picture;
        if (picture is null || picture.Id != target.Picture)
        {
            return null;
        }

        var isItself = picture == portrait.Master
            && (picture.Width, picture.Height, AvatarPainter.StoredFormat(picture)) == (target.Size, target.Size, target.Format);
        if (isItself)
        {
            return await book.Read(picture.Id, cancellationToken) is { } stored ? Rendition.Of(stored.Bytes, target.Format) : null;
        }

        return target.Size <= sites.Of(portrait.Identity).Policy.Sizes.Largest
            ? (await portraits.Show(portrait, picture, wish, cancellationToken)).Rendition
            : null;
    }
}
