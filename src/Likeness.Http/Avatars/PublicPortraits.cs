using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Microsoft.Extensions.Logging;

namespace Likeness.Http;

/// <summary>The portraits that everybody may see, as pictures for the web.</summary>
public sealed partial class PublicPortraits(
    PortraitBook book,
    AddressBook addresses,
    DomainPolicies policies,
    AvatarPainter painter,
    HttpClock clock,
    ILogger<PublicPortraits> log)
{
    // A decoder that stopped once may have been unlucky: asked again after a while.
    private const int RefusalSeconds = 60;

    private readonly GenerationCache<PictureId, Refusal> _refused = new(10_000, _ => 1);

    /// <summary>Whose portrait the hash stands for; null when nobody's, or when that person's domain knows no MD5.</summary>
    public async ValueTask<Identity?> OwnerOf(AddressHash hash, CancellationToken cancellationToken) =>
        await addresses.Find(hash, cancellationToken) is { } owner && (hash.IsSha256 || policies.For(owner.Domain).Md5) ? owner : null;

    /// <summary>Whose portrait the domain shows for unknown people; null: nobody's.</summary>
    internal ValueTask<Identity?> CatchAll(DomainPolicy policy, CancellationToken cancellationToken) => addresses.CatchAll(policy, cancellationToken);

    internal bool IsPublic(Portrait portrait) => book.VisibilityOf(portrait) == Visibility.Public;

    internal async ValueTask<Shown> Show(Identity owner, RenditionWish wish, CancellationToken cancellationToken)
    {
        var portrait = await book.Find(owner, cancellationToken);
        return portrait.Source is { } source && IsPublic(portrait) ? await Show(portrait, source, wish, cancellationToken) : default;
    }

    /// <summary>Which of the owner's addresses has this hash; null for none of them, and for a person who hides: that the server knows them must not show.</summary>
    internal async ValueTask<string?> AddressOf(Identity owner, AddressHash hash, CancellationToken cancellationToken) =>
        IsPublic(await book.Find(owner, cancellationToken))
            ? (await addresses.Of(owner, cancellationToken)).FirstOrDefault(text => Address.TryParse(text, out var address) && address.Hashes.Contains(hash))
            : null;

    /// <summary>One of the portrait's pictures.</summary>
    internal async ValueTask<Shown> Show(Portrait portrait, PictureInfo picture, RenditionWish wish, CancellationToken cancellationToken)
    {
        if (_refused.TryGet(picture.Id, out var refusal) && clock.Seconds < refusal.Until)
        {
            return new Shown(null, default, WasRefused: true);
        }

        try
        {
            var rendition = await painter.Picture(picture, () => book.Read(picture.Id, CancellationToken.None), wish, cancellationToken);
            return new Shown(rendition, portrait.Changed, WasRefused: false);
        }
        catch (ImageRefusedException exception)
        {
            // Chats carry any bytes: a picture we cannot draw is no reason for an error on the web.
            Log.Refused(log, portrait.Identity.Value, picture.Id.Hex, exception.Message);
            _refused.Set(picture.Id, new Refusal(clock.Seconds + RefusalSeconds));
            return new Shown(null, default, WasRefused: true);
        }
    }

    private sealed record Refusal(long Until);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The picture {Picture} of {Identity} is not shown on the web: {Reason}")]
        public static partial void Refused(ILogger logger, string identity, string picture, string reason);
    }
}

/// <summary>What there is to show.</summary>
/// <param name="Rendition">Null: nothing the web may see, or nothing that can be drawn.</param>
/// <param name="WasRefused">There is a picture, but no decoder takes it.</param>
internal readonly record struct Shown(Rendition? Rendition, DateTimeOffset Changed, bool WasRefused);
