using Likeness.Storage.Tables;
using Likeness.Stores;

namespace Likeness.Storage;

internal sealed class OpenStores(Engine engine) : IStores
{
    private readonly ArchiveStore _archives = new(engine);

    public IPortraitStore Portraits { get; } = new PortraitStore(engine);

    public IAccountStore Accounts { get; } = new AccountStore(engine);

    public IAlbumStore Albums { get; } = new AlbumStore(engine);

    public IRosterStore Rosters { get; } = new RosterStore(engine);

    public IDocumentStore Documents { get; } = new DocumentStore(engine);

    public IOfflineStore Offline { get; } = new OfflineStore(engine);

    public INodeStore Nodes { get; } = new NodeStore(engine);

    public INodeSubscriptionStore NodeSubscriptions { get; } = new NodeSubscriptionStore(engine);

    public IPushStore Push { get; } = new PushStore(engine);

    public IInvitationStore Invitations { get; } = new InvitationStore(engine);

    public IRoomStore Rooms { get; } = new RoomStore(engine);

    public IArchiveStore Archives => _archives;

    public IBlockStore Blocks { get; } = new BlockStore(engine);

    public IAuditStore Audit { get; } = new AuditStore(engine);

    public IBulkStore Bulk { get; } = new BulkStore(engine);

    public IApiTokenStore ApiTokens { get; } = new ApiTokenStore(engine);

    public ILoginTokenStore LoginTokens { get; } = new LoginTokenStore(engine);

    public IMailStore Mails { get; } = new MailStore(engine);

    public IReportStore Reports { get; } = new ReportStore(engine);

    public ISeenStore Seen { get; } = new SeenStore(engine);

    public IRoleStore Roles { get; } = new RoleStore(engine);

    public IPasskeyStore Passkeys { get; } = new PasskeyStore(engine);

    public IWebStepStore WebSteps { get; } = new WebStepStore(engine);

    public ISecondFactorStore SecondFactors { get; } = new SecondFactorStore(engine);

    public IProviderIdentityStore ProviderIdentities { get; } = new ProviderIdentityStore(engine);

    public IAddressProofStore AddressProofs { get; } = new AddressProofStore(engine);

    public IProfileStore Profiles { get; } = new ProfileStore(engine);

    public IWebSessionStore WebSessions { get; } = new WebSessionStore(engine);

    public IWebhookStore Webhooks { get; } = new WebhookStore(engine);

    public IMessageOfTheDayStore MessagesOfTheDay { get; } = new MessageOfTheDayStore(engine);

    public IBesideStore Beside { get; } = new BesideStore(engine);

    public IChangeFeed Changes => engine.Changes;

    internal Engine Engine => engine;

    /// <summary>Everything that was acknowledged is in the database itself.</summary>
    internal Task Settle() => _archives.Sort();

    public ValueTask<IAsyncDisposable> Claim(string role, string holder, Action<string> lost, CancellationToken cancellationToken = default) =>
        engine.Claim(role, holder, lost, cancellationToken);

    public ValueTask Write(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken = default) => StoreWrites.Write(engine, writes, cancellationToken);

    public async ValueTask Probe(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await engine.Write(
            "likeness probe",
            session => session.Execute("INSERT INTO write_probe VALUES (1, $1) ON CONFLICT (number) DO UPDATE SET written = excluded.written", now),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _archives.DisposeAsync();
        await engine.DisposeAsync();
    }
}
