using Likeness.Libravatar;

namespace Likeness.Stores;

/// <summary>What imports and exports of many people need.</summary>
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
}
