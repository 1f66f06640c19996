namespace Likeness.Stores;

/// <summary>Blocked pictures, and who shows a picture.</summary>
public interface IBlockStore
{
    /// <summary>Oldest first.</summary>
    ValueTask<IReadOnlyList<PictureBlock>> List(CancellationToken cancellationToken = default);

    /// <summary>Adds, or replaces the block of the same picture.</summary>
    ValueTask Save(PictureBlock block, CancellationToken cancellationToken = default);

    /// <summary>False: it was not blocked.</summary>
    ValueTask<bool> Remove(PictureId picture, CancellationToken cancellationToken = default);

    /// <summary>Everybody whose portrait is this picture, in chats or on the web, or was made from a file with this hash.</summary>
    ValueTask<IReadOnlyList<Identity>> Showing(PictureId picture, CancellationToken cancellationToken = default);

    /// <summary>Drops every draft of this picture. Returns how many there were.</summary>
    ValueTask<int> DropDrafts(PictureId picture, CancellationToken cancellationToken = default);

    /// <summary>Ids of the stored pictures in order, from behind <paramref name="after"/>; null: from the first.</summary>
    ValueTask<IReadOnlyList<PictureId>> Pictures(PictureId? after, int most, CancellationToken cancellationToken = default);

    /// <summary>How many pictures are stored.</summary>
    ValueTask<long> CountPictures(CancellationToken cancellationToken = default);
}
