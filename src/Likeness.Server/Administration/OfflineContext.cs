using Likeness.Accounts;
using Likeness.Http.Renditions;
using Likeness.Http.Uploads;
using Likeness.Imaging;
using Likeness.Imaging.Workers;
using Likeness.Server.Blocks;
using Likeness.Server.Control;
using Likeness.Server.Options;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Server.Rooms;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Server.Administration;

/// <summary>What operations work with when no server runs: the database and a renderer, opened for them.</summary>
internal sealed class OfflineContext : IAsyncDisposable
{
    private readonly IStores _stores;
    private readonly WorkerPool _renderer;
    private readonly RenderQueue _queue;

    private OfflineContext(IStores stores, string dataDirectory, LikenessOptions options, DomainPolicies? served, WorkerCommand renderWorker)
    {
        _stores = stores;
        _renderer = new WorkerPool(new WorkerPoolOptions { Command = renderWorker, MaxWorkers = 1, Libvips = options.Libvips, Limits = options.Pictures });
        var guard = new PictureGuard(stores.Blocks, _renderer);
        var addresses = new AddressBook(stores.Portraits, options.DomainPolicies());
        var book = new PortraitBook(stores.Portraits, options.DomainPolicies(), TimeProvider.System, NullLogger<PortraitBook>.Instance, guard, addresses);
        _queue = new RenderQueue(_renderer, options.Avatars, TimeProvider.System);
        var upload = new PortraitUpload(new ImageGate(options.Pictures), _queue, new PortraitLinks(options.PublicUrl, options.DomainPolicies()));
        var accounts = new AccountBook(
            stores, book, addresses, new LoginLimits(TimeProvider.System), new PasswordRule(options.MinPasswordCharacters), TimeProvider.System, NullLogger<AccountBook>.Instance);
        OperationContext = new OperationContext(stores, book, accounts, addresses, new PortraitActs(book, addresses, upload, stores, TimeProvider.System), served)
        {
            DataDirectory = dataDirectory,
            Guard = guard,
            Rooms = RoomActs.Offline(stores, book, addresses, options.DomainPolicies(), options.Chat, TimeProvider.System),
            Profiles = new ProfileBook(stores, book, addresses, options.DomainPolicies(), TimeProvider.System),
            Roles = new RoleBook(stores.Roles, new ReservedNames(options.Chat.Admins)),
            SecondFactors = new SecondFactors(stores.SecondFactors, InstallationSecret.Ensure(dataDirectory), TimeProvider.System),
            Tokens = new LoginTokens(stores, InstallationSecret.Ensure(dataDirectory), TimeProvider.System),
            Invitations = new InvitationBook(stores, addresses, TimeProvider.System),
            InvitationLinks = new InvitationLinks(options.PublicUrl),
            Renderer = _renderer,
        };
    }

    public OperationContext OperationContext { get; }

    /// <param name="configuration">As for <see cref="Administrator"/>.</param>
    public static async Task<OfflineContext> Open(string dataDirectory, OptionSource[] configuration, WorkerCommand renderWorker, CancellationToken cancellationToken)
    {
        var options = OptionReader.Read(new LikenessOptions { DataDirectory = dataDirectory }, configuration);
        DataDirectory.Create(dataDirectory);
        DatabaseMark.Check(dataDirectory, options.Database);
        try
        {
            var stores = await Database.Open(
                new StorageOptions { DataDirectory = dataDirectory, PostgreSql = options.Database }, TimeProvider.System, cancellationToken);
            DatabaseMark.Write(dataDirectory, options.Database);
            var served = configuration.Any(source => source.Values.ContainsKey("domain")) ? options.DomainPolicies() : null;
            var opened = new OfflineContext(stores, dataDirectory, options, served, renderWorker);
            await opened.OperationContext.Guard.Load(cancellationToken);
            await opened.OperationContext.Book.Defaults.Load(stores, isServing: false, cancellationToken);
            return opened;
        }
        catch (StorageException exception)
        {
            throw new OperationRefusedException(exception.Message, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        OperationContext.Guard.Dispose();
        _queue.Dispose();
        await _renderer.DisposeAsync();
        FileOwner.LeaveToOwner(OperationContext.DataDirectory);
    }
}
