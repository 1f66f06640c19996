using Likeness.Stores;

namespace Likeness.Storage.Tests.Databases;

/// <summary>An empty database of a test, which can be closed and opened again.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    public abstract Task<StorageOptions> Options();

    public async Task<IStores> Open() => await Database.Open(await Options());

    public abstract ValueTask DisposeAsync();
}
