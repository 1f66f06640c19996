using System.Collections.Immutable;
using Likeness.Stores;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>The generic nodes of one account in memory. Reads take no lock; writes are made one after another under <see cref="Writing"/>.</summary>
internal sealed class NodeRecords
{
    private ImmutableDictionary<string, NodeRecord>? _records;

    /// <summary>Held while a node of the account is changed.</summary>
    public SemaphoreSlim Writing { get; } = new(1);

    public SemaphoreSlim Loading { get; } = new(1);

    public bool IsLoaded => Volatile.Read(ref _records) is not null;

    public int Count => Known.Count;

    public IEnumerable<string> Names => Known.Keys;

    private ImmutableDictionary<string, NodeRecord> Known =>
        Volatile.Read(ref _records) ?? throw new InvalidOperationException("The account's nodes are not loaded.");

    public void Fill(IEnumerable<NodeRecord> records) =>
        Volatile.Write(ref _records, records.ToImmutableDictionary(record => record.Node, StringComparer.Ordinal));

    public NodeRecord? Find(string name) => Known.GetValueOrDefault(name);

    public void Put(NodeRecord record) => Volatile.Write(ref _records, Known.SetItem(record.Node, record));

    public void Remove(string name) => Volatile.Write(ref _records, Known.Remove(name));
}
