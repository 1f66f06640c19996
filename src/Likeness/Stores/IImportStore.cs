namespace Likeness.Stores;

/// <summary>Remembers from which file a person's picture was imported last, so that a file that did not change is left alone.</summary>
public interface IImportStore
{
    /// <summary>SHA-256 of the file; null: nothing was imported for the person.</summary>
    ValueTask<byte[]?> Find(Identity identity, CancellationToken cancellation = default);

    /// <param name="hash">SHA-256 of the file.</param>
    ValueTask Save(Identity identity, byte[] hash, DateTimeOffset imported, CancellationToken cancellation = default);
}
