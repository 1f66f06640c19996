using Likeness.Stores;
using Likeness.Xmpp.Server.Accounts;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Opens the nodes of accounts: the two avatar nodes are views of the portrait, every other one is stored as it is.</summary>
internal sealed class AccountNodes(IStores stores, Xep0084UserAvatar avatars, PepEvents events, TimeProvider time)
{
    private const int LongestName = 1024;

    public async ValueTask<IPepNode> Open(Account account, string name)
    {
        if (avatars.Open(account, name) is { } view)
        {
            return view;
        }

        if (name.Length > LongestName)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A node's name has at most {LongestName} characters.");
        }

        return Generic(account, name, await Records(account));
    }

    /// <summary>The nodes that exist.</summary>
    public async ValueTask<IReadOnlyList<IPepNode>> All(Account account)
    {
        var records = await Records(account);
        IEnumerable<IPepNode?> views = [avatars.Open(account, Ns.AvatarData), avatars.Open(account, Ns.AvatarMetadata)];
        return
        [
            .. views.OfType<IPepNode>().Where(node => node.Options is not null),
            .. records.Names.Order(StringComparer.Ordinal).Select(name => Generic(account, name, records)),
        ];
    }

    /// <summary>Runs one change at a time for each account.</summary>
    public static async ValueTask<T> Change<T>(Account account, Func<ValueTask<T>> change)
    {
        var writing = account.State<NodeRecords>().Writing;
        await writing.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            writing.Release();
        }
    }

    private GenericNode Generic(Account account, string name, NodeRecords records) =>
        new(account, name, records, stores.Nodes, events, time);

    private async ValueTask<NodeRecords> Records(Account account)
    {
        var records = account.State<NodeRecords>();
        if (records.IsLoaded)
        {
            return records;
        }

        await records.Loading.WaitAsync();
        try
        {
            if (!records.IsLoaded)
            {
                records.Fill(await stores.Nodes.Load(account.Identity));
            }
        }
        finally
        {
            records.Loading.Release();
        }

        return records;
    }
}
