namespace Likeness.Stores;

/// <summary>An open database: every store over one set of tables.</summary>
public interface IStores : IAsyncDisposable
{
    IPortraitStore Portraits { get; }

    IAccountStore Accounts { get; }

    IAlbumStore Albums { get; }

    IRosterStore Rosters { get; }

    IDocumentStore Documents { get; }

    IOfflineStore Offline { get; }

    INodeStore Nodes { get; }

    INodeSubscriptionStore NodeSubscriptions { get; }

    IPushStore Push { get; }

    IInvitationStore Invitations { get; }

    IRoomStore Rooms { get; }

    IArchiveStore Archives { get; }

    IBlockStore Blocks { get; }

    IAuditStore Audit { get; }

    IBulkStore Bulk { get; }

    IApiTokenStore ApiTokens { get; }

    ILoginTokenStore LoginTokens { get; }

    IMailStore Mails { get; }

    IReportStore Reports { get; }

    ISeenStore Seen { get; }

    IRoleStore Roles { get; }

    IPasskeyStore Passkeys { get; }

    IWebStepStore WebSteps { get; }

    ISecondFactorStore SecondFactors { get; }

    IProviderIdentityStore ProviderIdentities { get; }

    IAddressProofStore AddressProofs { get; }

    IProfileStore Profiles { get; }

    IWebSessionStore WebSessions { get; }

    IWebhookStore Webhooks { get; }

    IMessageOfTheDayStore MessagesOfTheDay { get; }

    IBesideStore Beside { get; }

    IChangeFeed Changes { get; }

    /// <summary>Makes this process the one on this database that has the role, until the claim is disposed; throws with the name of who has it already.</summary>
    /// <param name="holder">What others are told of this process.</param>
    /// <param name="lost">Told with the name of another that took the role while the database could not be reached.</param>
    ValueTask<IAsyncDisposable> Claim(string role, string holder, Action<string> lost, CancellationToken cancellationToken = default);

    /// <summary>One act, one transaction.</summary>
    ValueTask Write(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken = default);

    /// <summary>Writes one small row; throws when the database cannot be written.</summary>
    ValueTask Probe(DateTimeOffset now, CancellationToken cancellationToken = default);
}
