namespace Likeness.Stores;

/// <summary>An open database: every store over one set of tables.</summary>
public interface IStores : IAsyncDisposable
{
    IPortraitStore Portraits { get; }

    IAccountStore Accounts { get; }

    IRosterStore Rosters { get; }

    IDocumentStore Documents { get; }

    IOfflineStore Offline { get; }

    INodeStore Nodes { get; }

    IBlockStore Blocks { get; }

    IAuditStore Audit { get; }

    IBulkStore Bulk { get; }

    IApiTokenStore ApiTokens { get; }

    IWebhookStore Webhooks { get; }

    /// <summary>Writes one small row; throws when the database cannot be written.</summary>
    ValueTask Probe(DateTimeOffset now, CancellationToken cancellationToken = default);
}
