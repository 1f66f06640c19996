using Likeness.Http.Resolving;
using Likeness.Libravatar;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Server.Files;

/// <summary>The picture files that settings name.</summary>
internal static class PictureFiles
{
    public static IReadOnlyList<WatchedFile> Of(LikenessOptions options, OperationContext context, SiteImages images) =>
    [
        .. options.DefaultImages.Select(image => new WatchedFile(
            "default-image",
            image.File,
            (bytes, written, cancellationToken) => images.Set(image.Name, bytes, written, cancellationToken),
            _ =>
            {
                images.Remove(image.Name);
                return Task.CompletedTask;
            })),
        .. options.Portraits.Select(portrait => new WatchedFile(
            "email",
            portrait.File,
            (bytes, _, cancellationToken) => new SetAvatar(portrait.Address, bytes.ToArray()).Run(context, cancellationToken),
            async cancellationToken => await context.Book.Clear(
                await context.Addresses.OwnerOf(Address.Parse(portrait.Address), cancellationToken), context.Cause, cancellationToken: cancellationToken))),
    ];
}
