using Likeness.Stores;

namespace Likeness.Storage;

/// <summary>The database could not be opened, or could not keep a change; the message says why in a sentence for the operator.</summary>
public class StorageException(string message, Exception? inner = null) : StoreUnavailableException(message, inner);

/// <summary>Another process holds the data directory.</summary>
public sealed class DataDirectoryInUseException(string message) : StorageException(message);

/// <summary>Another process on the same database has the role.</summary>
public sealed class RoleTakenException(string holder) : StorageException($"Another process serves that on this database: {holder}.")
{
    public string Holder { get; } = holder;
}

/// <summary>A newer program has migrated the database; this one would misread it.</summary>
public sealed class DatabaseTooNewException(string message) : StorageException(message);
