using Likeness.Http.Resolving;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Server.Files;

/// <summary>The picture files that settings name.</summary>
internal static class PictureFiles
{
    public static IReadOnlyList<WatchedFile> Of(LikenessOptions options, OperationContext shared, SiteImages images) =>
        Of(options, images, shared with { By = "watched file" });

    private static IReadOnlyList<WatchedFile> Of(LikenessOptions options, SiteImages images, OperationContext context) =>
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
            (bytes, _, cancellationToken) => new SetAvatar(portrait.Address, bytes.ToArray(), TrustAddresses: true).Carry(context, cancellationToken),
            cancellationToken => Hide(portrait, context, cancellationToken))),
    ];

    private static async Task Hide(PortraitFile portrait, OperationContext context, CancellationToken cancellationToken)
    {
        try
        {
            await new ClearAvatar(portrait.Address, $"{portrait.File} cannot be shown").Carry(context, cancellationToken);
        }
        catch (OperationRefusedException)
        {
            // Nothing was shown.
        }
    }
}
