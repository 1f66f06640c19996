using Likeness.Libravatar;

namespace Likeness.Stores;

/// <summary>What imports, exports and lists of many people need.</summary>
public interface IBulkStore
{
    /// <summary>SHA-256 of the file that the person's picture was imported from last; null: nothing was imported.</summary>
    ValueTask<byte[]?> FindImport(Identity identity, CancellationToken cancellationToken = default);

    /// <summary>Remembers the file, so that it is left alone as long as it does not change.</summary>
    /// <param name="hash">SHA-256 of the file.</param>
    ValueTask SaveImport(Identity identity, byte[] hash, DateTimeOffset imported, CancellationToken cancellationToken = default);

    /// <summary>Gives an address the person still has other hashes than it had. False: the person has it no more, and nothing was done.</summary>
    ValueTask<bool> Rehash(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellationToken = default);

    /// <summary>Everybody who has a portrait or an address, page by page in the database's order, from behind <paramref name="after"/>; null: from the first.</summary>
    ValueTask<IReadOnlyList<Identity>> People(Identity? after, int most, CancellationToken cancellationToken = default);

    /// <summary>The portraits with a picture, page by page in the same order.</summary>
    ValueTask<IReadOnlyList<Portrait>> Portraits(Identity? after, int most, CancellationToken cancellationToken = default);

    /// <summary>Pictures that people of the domain show, page by page, from behind the last one of the page before.</summary>
    /// <param name="after">What counts of it is the person and what the order goes by; null: from the first.</param>
    ValueTask<IReadOnlyList<ListedPicture>> Pictures(PictureOrder order, string domain, ListedPicture? after, int most, CancellationToken cancellationToken = default);
}

/// <summary>In which order pictures are listed, and which of them.</summary>
public enum PictureOrder
{
    /// <summary>All, the latest change first.</summary>
    Newest,

    /// <summary>All, by bytes.</summary>
    Largest,

    /// <summary>Those that several people of the domain show, each beside its likes.</summary>
    Twins,
}

/// <summary>A picture in a list.</summary>
/// <param name="Picture">As the web has it.</param>
public sealed record ListedPicture(Identity Person, PictureInfo Picture, DateTimeOffset Changed, Origin Origin);
