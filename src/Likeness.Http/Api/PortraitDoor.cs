using System.Globalization;
using Likeness.Http.Renditions;
using Likeness.Imaging;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary>Finds what a request is about, as far as its token may know of it. What it may not touch looks as if it were not there.</summary>
internal sealed class PortraitDoor(PortraitBook book, AddressBook addresses)
{
    // Pixels; every server gives this size.
    private const int PermanentSize = 512;

    /// <summary>Whose portrait the address stands for or would stand for. Throws 404 for what the token must not touch: address and owner count.</summary>
    public async ValueTask<(Address Address, Identity Owner)> Owner(HttpContext context, string segment)
    {
        var caller = ApiCaller.Of(context);
        var address = ApiAddress.FromPath(segment);
        var owner = await addresses.OwnerOf(address, context.RequestAborted);
        return caller.MayTouch(address.Domain) && caller.MayTouch(owner) ? (address, owner) : throw ApiRefusedException.NotFound();
    }

    /// <summary>The person's portrait; null when they show no picture.</summary>
    public async ValueTask<Portrait?> Shown(Identity owner, CancellationToken cancellationToken) =>
        await book.Find(owner, cancellationToken) is { IsShown: true } portrait ? portrait : null;

    public PortraitDocument Describe(Address address, Portrait portrait) => new(
        address.Text,
        portrait.Identity.Value,
        portrait.Version,
        PictureOf(portrait.Source),
        PictureOf(portrait.Picture),
        portrait.Alt,
        portrait.Changed,
        NameOf(portrait.Origin),
        VisibilityName(book.VisibilityOf(portrait)),
        new LinksDocument(
            $"/api/v1/portraits/{Uri.EscapeDataString(address.Text)}/picture",
            portrait.Source is { } source && book.VisibilityOf(portrait).ShowsTo(AvatarRelation.Stranger) ? Permanent(source) : null,
            [.. address.Hashes.Select(hash => $"/avatar/{hash}")]));

    public static string VisibilityName(Visibility visibility) => visibility.ToString().ToLowerInvariant();

    private static string Permanent(PictureInfo picture) =>
        string.Create(CultureInfo.InvariantCulture, $"/p/{picture.Id}/{PermanentSize}.{Painter.StoredFormat(picture).Extension()}");

    private static string NameOf(Origin origin) => origin == Origin.VCard ? "vCard" : origin.ToString().ToLowerInvariant();

    private static PictureDocument? PictureOf(PictureInfo? picture) =>
        picture is null ? null : new(picture.Id.Hex, picture.MediaType, picture.Width, picture.Height, picture.Length);
}
