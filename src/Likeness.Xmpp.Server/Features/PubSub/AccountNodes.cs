using System.Collections.Immutable;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Opens the nodes of accounts: the two avatar nodes are views of the portrait, the two of bookmarks one list, every other one is stored as it is.</summary>
internal sealed class AccountNodes(IStores stores, Xep0084AvatarNodes avatars, PepEvents events, XmppServerOptions limits, TimeProvider time)
{
    private const int LongestName = 1024;

    public async ValueTask<IPepNode> Open(Account account, string name) =>
        avatars.Open(account, name) ?? Stored(account, name, await Records(account));

    public async ValueTask<BookmarkNode> Bookmarks(Account account) => Bookmarks(account, await Records(account));

    /// <summary>The node when it exists and the asker may read it; throws what the asker is told else.</summary>
    public async ValueTask<IPepNode> Readable(IqRequest request, string name)
    {
        _ = Named(name);
        var node = request.Target is { } owner ? await Open(owner, name) : null;
        return NodeAccess.Refusal(request.Target, node, request.From) is { } refusal ? throw refusal : node!;
    }

    /// <summary>The node when it exists; for its owner.</summary>
    public async ValueTask<IPepNode> Existing(Account account, string name)
    {
        var node = await Open(account, name);
        return node.Options is null ? throw PubSubError.NodeNotFound() : node;
    }

    /// <summary>The nodes that exist.</summary>
    public async ValueTask<IReadOnlyList<IPepNode>> All(Account account)
    {
        var records = await Records(account);
        IEnumerable<IPepNode?> views = [avatars.Open(account, Ns.AvatarData), avatars.Open(account, Ns.AvatarMetadata)];
        return
        [
            .. views.OfType<IPepNode>().Where(node => node.Options is not null),
            .. records.Names.Order(StringComparer.Ordinal).Select(name => Stored(account, name, records)).Where(node => node.Options is not null),
        ];
    }

    /// <summary>Refuses a name that no node can have.</summary>
    public static string Named(string name) => name.Length <= LongestName
        ? name
        : throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A node's name has at most {LongestName} characters.");

    /// <summary>Runs one change at a time for each account.</summary>
    public static async ValueTask<T> Change<T>(Account account, Func<ValueTask<T>> change)
    {
        var records = account.State<NodeRecords>();
        using var held = await records.Writing.Enter();
        try
        {
            return await change();
        }
        catch (Exception exception) when (exception is not StanzaErrorException)
        {
            // Nobody knows what was stored: it is read again.
            records.Forget();
            throw;
        }
    }

    private IPepNode Stored(Account account, string name, NodeRecords records) => name switch
    {
        Xep0402Bookmarks.Node => Bookmarks(account, records),
        Xep0402Bookmarks.OldNode => new OldBookmarkNode(Bookmarks(account, records)),
        _ => Generic(account, name, records),
    };

    private BookmarkNode Bookmarks(Account account, NodeRecords records) =>
        new(account, Generic(account, Xep0402Bookmarks.Node, records), records, stores.Nodes, events, limits, time);

    private GenericNode Generic(Account account, string name, NodeRecords records) =>
        new(account, name, records, stores.Nodes, events, limits, time);

    private async ValueTask<NodeRecords> Records(Account account)
    {
        var records = account.State<NodeRecords>();
        if (records.IsLoaded)
        {
            return records;
        }

        using var held = await records.Loading.Enter();
        if (!records.IsLoaded)
        {
            records.Fill(await stores.Nodes.Load(account.Identity));
        }

        return records;
    }
}

/// <summary>The generic nodes of one account in memory. Reads take no lock; writes are made one after another under <see cref="Writing"/>.</summary>
internal sealed class NodeRecords
{
    private ImmutableDictionary<string, NodeOptions>? _nodes;

    /// <summary>Held while a node of the account is changed.</summary>
    public AsyncLock Writing { get; } = new();

    public AsyncLock Loading { get; } = new();

    public bool IsLoaded => Volatile.Read(ref _nodes) is not null;

    public int Count => Known.Count;

    public IEnumerable<string> Names => Known.Keys;

    private ImmutableDictionary<string, NodeOptions> Known =>
        Volatile.Read(ref _nodes) ?? throw new InvalidOperationException("The account's nodes are not loaded.");

    public void Fill(IEnumerable<NodeRecord> records) =>
        Volatile.Write(ref _nodes, records.ToImmutableDictionary(record => record.Node, NodeOptions.Of, StringComparer.Ordinal));

    public void Forget() => Volatile.Write(ref _nodes, null);

    public NodeOptions? Find(string name) => Known.GetValueOrDefault(name);

    public void Put(string name, NodeOptions options) => Volatile.Write(ref _nodes, Known.SetItem(name, options));

    public void Remove(string name) => Volatile.Write(ref _nodes, Known.Remove(name));
}
