using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;
using Microsoft.Extensions.Logging;

namespace Likeness.Http;

/// <summary>What is shown in place of a portrait (table 2.2).</summary>
public sealed partial class DefaultAvatars(AvatarPainter painter, SiteImages images, ILogger<DefaultAvatars> log)
{
    /// <summary>The values of <c>d</c> that mean something here (L-55).</summary>
    public IEnumerable<string> Names => AvatarPainter.Faces.Union(images.Names);

    /// <param name="address">Behind the hash, where everybody may know that the server knows it: its face has the colour that chats give it.</param>
    internal async ValueTask<AvatarAnswer> Answer(AvatarRequest request, AvatarQuery query, string? address, AnswerLife life, CancellationToken cancellationToken)
    {
        var site = request.Site;
        if (query.Default == DefaultKeywords.NotFound)
        {
            return site.Answers.NotFound(life);
        }

        if (query.Default is { } url && TrustedUrl.TryAccept(url, site.Policy.TrustedDefaults, out var location))
        {
            return site.Answers.Redirect(location, "default", life);
        }

        var wish = new RenditionWish(query.Size, AvatarEndpoint.ImageFormatOf(query.Format), request.Client);
        foreach (var name in new[] { query.Default, site.Policy.DefaultFace })
        {
            if (name is not null && await Draw(site, name, query, address, wish, life, cancellationToken) is { } answer)
            {
                return answer;
            }
        }

        return (await Draw(site, DefaultKeywords.MysteryMan, query, address, wish, life, cancellationToken))!;
    }

    /// <summary>Null: there is nothing of that name.</summary>
    private async ValueTask<AvatarAnswer?> Draw(
        AvatarSite site,
        string name,
        AvatarQuery query,
        string? address,
        RenditionWish wish,
        AnswerLife life,
        CancellationToken cancellationToken)
    {
        if (images.Find(name) is { } image)
        {
            try
            {
                return site.Answers.SiteImage(await painter.Picture(image.Picture.Info, () => new(image.Picture), wish, cancellationToken), image.Changed, life);
            }
            catch (ImageRefusedException exception)
            {
                // A face of the same name stands behind it.
                Log.Refused(log, name, exception.Message);
            }
        }

        return FaceCatalogue.Find(name) is { } face
            ? site.Answers.Face(await painter.Face(face, query.Hash, FaceLetters.Of(query), address, wish, cancellationToken), life)
            : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The default image {Name} cannot be drawn: {Reason}")]
        public static partial void Refused(ILogger logger, string name, string reason);
    }
}
