using Likeness.Http;
using Likeness.Libravatar;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Server.Files;

/// <summary>The picture files that settings name.</summary>
internal static class PictureFiles
{
    public static IReadOnlyList<WatchedFile> Of(LikenessOptions options, Workplace workplace, SiteImages images) =>
    [
        .. options.DefaultImages.Select(image => new WatchedFile(
            "default-image",
            image.File,
            (bytes, written, cancellation) => images.Set(image.Name, bytes, written, cancellation),
            _ =>
            {
                images.Remove(image.Name);
                return Task.CompletedTask;
            })),
        .. options.Portraits.Select(portrait => new WatchedFile(
            "email",
            portrait.File,
            (bytes, _, cancellation) => new SetAvatar(portrait.Address, bytes.ToArray()).Run(workplace, cancellation),
            async cancellation => await workplace.Book.Clear(
                await workplace.Addresses.OwnerOf(Address.Parse(portrait.Address), cancellation), Origin.Command, cancellation: cancellation))),
    ];
}
