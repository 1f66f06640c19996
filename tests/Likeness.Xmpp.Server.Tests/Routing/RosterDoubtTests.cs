using System.Collections.Immutable;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Tests.Routing;

/// <summary>The database stores a change of a roster and then says that it did not, as when a connection breaks in a commit.</summary>
public sealed class RosterDoubtTests : IAsyncLifetime
{
    private static readonly Jid Juliet = Jid.Parse("juliet@localhost");
    private static readonly Jid Romeo = Jid.Parse("romeo@localhost");
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("likeness-roster-");
    private readonly Account _account = new(Juliet, new Roster([]), ImmutableArray<Jid>.Empty, new Portrait { Identity = new Identity(Juliet.Text) });
    private IStores _stores = null!;
    private BreakingRosters _rosters = null!;
    private RosterChanges _changes = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await Database.Open(new StorageOptions { DataDirectory = _directory.FullName });
        var keys = new ScramCredentials([1], 4096, [2], [3]);
        await _stores.Accounts.Add(new AccountRecord(_account.Identity, keys, keys));
        _rosters = new BreakingRosters(_stores.Rosters);
        _changes = new RosterChanges(new OtherRosters(_stores, _rosters), new XmppServerOptions());
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_contact_whose_cancelling_was_stored_is_no_subscriber_although_it_failed()
    {
        await Change(new RosterItem { Contact = Romeo, Subscription = Subscription.From, Listed = true });
        _account.Roster.Subscribers.Count.ShouldBe(1);

        _rosters.Breaks = true;
        await Should.ThrowAsync<TimeoutException>(() => Change(null).AsTask());

        _account.Roster.Subscribers.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_could_not_be_read_back_either_is_read_before_the_next_change()
    {
        (_rosters.Breaks, _rosters.IsDeaf) = (true, true);
        await Should.ThrowAsync<TimeoutException>(() => Change(new RosterItem { Contact = Romeo, Name = "R", Subscription = Subscription.From, Listed = true }).AsTask());
        _account.Roster.Find(Romeo).ShouldBeNull();

        (_rosters.Breaks, _rosters.IsDeaf) = (false, false);
        RosterItem? found = null;
        await _changes.Apply(_account, Romeo, before => found = before);

        found.ShouldNotBeNull().Name.ShouldBe("R");
    }

    private ValueTask<RosterChange> Change(RosterItem? after) => _changes.Apply(_account, Romeo, _ => after);

    private sealed class BreakingRosters(IRosterStore rosters) : IRosterStore
    {
        public bool Breaks { get; set; }

        public bool IsDeaf { get; set; }

        public ValueTask<IReadOnlyList<RosterRecord>> Load(Identity account, CancellationToken cancellationToken = default) =>
            IsDeaf ? throw new TimeoutException() : rosters.Load(account, cancellationToken);

        public async ValueTask Save(Identity account, RosterRecord item, CancellationToken cancellationToken = default)
        {
            await rosters.Save(account, item, cancellationToken);
            Break();
        }

        public async ValueTask Remove(Identity account, string contact, CancellationToken cancellationToken = default)
        {
            await rosters.Remove(account, contact, cancellationToken);
            Break();
        }

        private void Break()
        {
            if (Breaks)
            {
                throw new TimeoutException("the connection broke in the middle of the commit");
            }
        }
    }

    private sealed class OtherRosters(IStores stores, IRosterStore rosters) : IStores
    {
        public IPortraitStore Portraits => stores.Portraits;

        public ISeenStore Seen => stores.Seen;

        public IAccountStore Accounts => stores.Accounts;

        public IAlbumStore Albums => stores.Albums;

        public IRosterStore Rosters => rosters;

        public IDocumentStore Documents => stores.Documents;

        public IOfflineStore Offline => stores.Offline;

        public INodeStore Nodes => stores.Nodes;

        public IPushStore Push => stores.Push;

        public ILoginTokenStore LoginTokens => stores.LoginTokens;

        public IInvitationStore Invitations => stores.Invitations;

        public INodeSubscriptionStore NodeSubscriptions => stores.NodeSubscriptions;

        public IRoomStore Rooms => stores.Rooms;

        public IArchiveStore Archives => stores.Archives;

        public IBlockStore Blocks => stores.Blocks;

        public IAuditStore Audit => stores.Audit;

        public IBulkStore Bulk => stores.Bulk;

        public IApiTokenStore ApiTokens => stores.ApiTokens;

        public IMailStore Mails => stores.Mails;

        public IReportStore Reports => stores.Reports;

        public IRoleStore Roles => stores.Roles;

        public IPasskeyStore Passkeys => stores.Passkeys;

        public IWebStepStore WebSteps => stores.WebSteps;

        public ISecondFactorStore SecondFactors => stores.SecondFactors;

        public IProviderIdentityStore ProviderIdentities => stores.ProviderIdentities;

        public IAddressProofStore AddressProofs => stores.AddressProofs;

        public IProfileStore Profiles => stores.Profiles;

        public IWebSessionStore WebSessions => stores.WebSessions;

        public IWebhookStore Webhooks => stores.Webhooks;

        public IMessageOfTheDayStore MessagesOfTheDay => stores.MessagesOfTheDay;

        public IBesideStore Beside => stores.Beside;

        public IChangeFeed Changes => stores.Changes;

        public ValueTask<IAsyncDisposable> Claim(string role, string holder, Action<string> lost, CancellationToken cancellationToken = default) =>
            stores.Claim(role, holder, lost, cancellationToken);

        public ValueTask Write(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken = default) => stores.Write(writes, cancellationToken);

        public ValueTask Probe(DateTimeOffset now, CancellationToken cancellationToken = default) => stores.Probe(now, cancellationToken);

        public ValueTask DisposeAsync() => default;
    }
}
