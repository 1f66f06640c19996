using Likeness.Stores;

namespace Likeness.Server.Blocks;

/// <summary>Takes pictures away from everybody, on every view at once.</summary>
internal static class BlockedPictures
{
    /// <summary>Returns those who showed one of them.</summary>
    public static async Task<IReadOnlyList<Identity>> Clear(IEnumerable<PictureId> pictures, IStores stores, PortraitBook book, Cause cause, CancellationToken cancellationToken)
    {
        var cleared = new List<Identity>();
        foreach (var picture in pictures)
        {
            foreach (var person in await stores.Blocks.Showing(picture, cancellationToken))
            {
                if (await book.TakeAway(person, picture, cause, cancellationToken))
                {
                    cleared.Add(person);
                }
            }

            await stores.Blocks.DropDrafts(picture, cancellationToken);
            foreach (var person in await stores.Albums.RemoveEverywhere(picture, cancellationToken))
            {
                // One of the person's addresses may have shown it.
                await book.Refresh(person, cancellationToken);
            }
        }

        return cleared;
    }
}
