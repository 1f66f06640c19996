using Likeness.Stores;

namespace Likeness.Server.Blocks;

/// <summary>Under which hashes one picture goes: in chats, as the large original, and as the file it was made from.</summary>
internal static class PictureForms
{
    /// <summary>The hash itself first, then those it goes by where somebody shows it.</summary>
    public static async Task<IReadOnlyList<PictureId>> Of(PictureId known, IStores stores, PortraitBook book, CancellationToken cancellationToken)
    {
        var forms = new List<PictureId> { known };
        foreach (var person in await stores.Blocks.Showing(known, cancellationToken))
        {
            var portrait = await book.Find(person, cancellationToken);
            forms.AddRange(new[] { portrait.Picture?.Id, portrait.Master?.Id, portrait.Uploaded }.OfType<PictureId>());
        }

        return [.. forms.Distinct()];
    }
}
