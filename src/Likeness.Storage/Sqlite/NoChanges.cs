using Likeness.Stores;

namespace Likeness.Storage.Sqlite;

/// <summary>The data directory belongs to this process: nobody else changes anything.</summary>
internal sealed class NoChanges : IChangeFeed
{
    public bool IsShared => false;

    public ValueTask<long> Last(CancellationToken cancellationToken = default) => new(0);

    public ValueTask<ChangePage> Read(long after, int most, CancellationToken cancellationToken = default) => new(new ChangePage([], after, false));

    public Task Listen(Action hint, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public ValueTask Prune(DateTimeOffset now, CancellationToken cancellationToken = default) => default;
}
