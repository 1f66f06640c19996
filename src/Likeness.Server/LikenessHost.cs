using Likeness.Accounts;
using Likeness.Http.Health;
using Likeness.Http.Resolving;
using Likeness.Http.Webhooks;
using Likeness.Imaging;
using Likeness.Server.Administration;
using Likeness.Server.Blocks;
using Likeness.Server.Control;
using Likeness.Server.Files;
using Likeness.Server.Options;
using Likeness.Server.Telemetry;
using Likeness.Server.Tls;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Features;
using Likeness.Xmpp.Server.Features.Import;
using Likeness.Xmpp.Server.Federation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>A running server: storage, portraits, pictures, web, chat and the control socket, started and ended together.</summary>
public sealed partial class LikenessHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);
    private readonly WebApplication _application;
    private readonly ControlServer _control;
    private readonly FileWatch _files;
    private readonly IAsyncDisposable? _chats;
    private readonly MetricsListener? _metrics;

    private LikenessHost(WebApplication application, ControlServer control, FileWatch files, IAsyncDisposable? chats, MetricsListener? metrics, BoundAddresses addresses, Task<string> ended)
    {
        _metrics = metrics;
        _chats = chats;
        Ended = ended;
        _application = application;
        _control = control;
        _files = files;
        Addresses = addresses;
    }

    public BoundAddresses Addresses { get; }

    internal IServiceProvider Services => _application.Services;

    /// <summary>The invitation of whoever is to administer; null: nobody waits for one.</summary>
    public string? AdminInvitation { get; private init; }

    /// <summary>Completes with the reason when the server cannot go on and is to be disposed.</summary>
    public Task<string> Ended { get; }

    /// <summary>Completes when every listener accepts. Throws <see cref="OptionsRefusedException"/> for a picture file that cannot be used, <see cref="StorageException"/>, <see cref="CertificateRefusedException"/>, <see cref="OperationRefusedException"/> and the two of <see cref="Listeners.Bind"/>.</summary>
    public static async Task<LikenessHost> Start(LikenessOptions options, HostSurroundings surroundings, CancellationToken cancellationToken = default)
    {
        DataDirectory.Create(options.DataDirectory);
        DatabaseMark.Check(options.DataDirectory, options.Database);
        var certificates = Certificates(options, surroundings.Time);
        string? upgrade = null;
        var storage = new StorageOptions { DataDirectory = options.DataDirectory, PostgreSql = options.Database, Upgraded = told => upgrade = told };
        var stores = await Database.Open(storage, surroundings.Time, cancellationToken);
        DatabaseMark.Write(options.DataDirectory, options.Database);
        var slots = ConnectionSlots.OfThisProcess();
        var listeners = new Listeners(slots);
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncDisposable? chats;
        try
        {
            chats = await XmppHosting.Claim(stores, options, by => ended.TrySetResult($"The database could not be reached for a while, and {by} serves its chats now."), cancellationToken);
        }
        catch
        {
            await stores.DisposeAsync();
            throw;
        }

        var application = Compose(options, surroundings, stores, certificates, listeners, slots);
        if (upgrade is not null)
        {
            Log.Upgraded(application.Services.GetRequiredService<ILogger<LikenessHost>>(), upgrade);
        }

        try
        {
            await application.Services.GetRequiredService<ChangeReader>().Begin(cancellationToken);
            var context = application.Services.GetRequiredService<OperationContext>();
            await context.Guard.Load(cancellationToken);
            await context.Book.Defaults.Load(stores, isServing: true, cancellationToken);
            await context.Roles.Refresh(cancellationToken);
            var files = await FileWatch.Start(
                PictureFiles.Of(options, context, application.Services.GetRequiredService<SiteImages>()),
                options.Pictures.LargestFile,
                surroundings.Time,
                application.Services.GetRequiredService<ILogger<FileWatch>>(),
                cancellationToken);
            MetricsListener? metrics = null;
            try
            {
                await application.StartAsync(cancellationToken);
                var logging = application.Services.GetRequiredService<ILoggerFactory>();
                metrics = await TelemetryHosting.Listen(application.Services, options, logging, cancellationToken);
                var control = await ControlServer.Start(options.DataDirectory, context, options.Pictures.LargestFile, logging, cancellationToken);
                var addresses = listeners.Addresses with { Metrics = metrics?.Addresses ?? [] };
                HttpHosting.Tell(application.Services, addresses);
                var invitation = await Administration.AdminInvitation.Make(context, options, cancellationToken);
                return new LikenessHost(application, control, files, chats, metrics, addresses, ended.Task) { AdminInvitation = invitation };
            }
            catch
            {
                await (metrics?.DisposeAsync() ?? default);
                await files.DisposeAsync();
                // Work in the background that is only disposed of is said to have failed.
                using var drain = new CancellationTokenSource(DrainTime);
                await application.StopAsync(drain.Token);
                throw;
            }
        }
        catch
        {
            await (chats?.DisposeAsync() ?? default);
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes up renewed certificates and the list of blocked domains now instead of within a minute.</summary>
    public void Reload()
    {
        var upkeep = _application.Services.GetServices<IHostedService>().OfType<Upkeep>().Single();
        upkeep.ReloadBlocked();
        upkeep.ReloadCertificates();
    }

    /// <summary>Tells every peer, drains and closes the database; at most five seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _control.DisposeAsync();
        await (_metrics?.DisposeAsync() ?? default);
        await _files.DisposeAsync();
        await XmppHosting.LeaveRooms(_application.Services);
        XmppHosting.Close(_application.Services);
        await _application.StopWithin(DrainTime);
        await XmppHosting.EndAway(_application.Services);
        await (_chats?.DisposeAsync() ?? default);
        await _application.DisposeAsync();
    }

    private static WebApplication Compose(
        LikenessOptions options,
        HostSurroundings surroundings,
        IStores stores,
        CertificateSource certificates,
        Listeners listeners,
        ConnectionSlots slots)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            listeners.Open(kestrel, options, certificates);
        });
        surroundings.Logging(builder.Logging);
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider =>
            new LogLimit(ActivatorUtilities.CreateInstance<LoggerFactory>(provider), surroundings.Time)));

        // Everything given as a factory is disposed with the application: what is added first is disposed last.
        builder.Services
            .AddSingleton(_ => stores)
            .AddStores()
            .AddSingleton(surroundings.Time)
            .AddPortraits(options, surroundings)
            .AddHttp(options)
            .AddWeb(options)
            .AddPictureCheck(options, surroundings, listeners)
            .AddSingleton(new InvitationLinks(options.PublicUrl))
            .AddXmpp(options, certificates, slots)
            .AddSingleton(certificates)
            .AddSingleton(provider => slots.Around(new HttpTransport(options, provider.GetRequiredService<ILoggerFactory>()), provider.GetRequiredService<ILogger<ConnectionSlots>>()))
            .AddSingleton(provider => slots.Around(
                new TcpTransport(endpoint => Listeners.Bind(endpoint, options)), provider.GetRequiredService<ILogger<ConnectionSlots>>()))
            .AddTelemetry(options)
            .AddBeside(options)
            .AddHealth(options, listeners)
            .AddSingleton(provider => ContextOf(provider, options))
            .AddSingleton(XmppHosting.AccountGone)
            .AddSingleton<ChangeReader>()
            .AddHostedService(provider => provider.GetRequiredService<ChangeReader>())
            .AddBackgroundTask<Upkeep>()
            .AddBackgroundTask<PlusTagIndex>();
        var application = builder.Build();
        application.Services.GetRequiredService<IStores>();
        XmppHosting.Prepare(application.Services);
        HttpHosting.Map(application, options);
        WebHosting.Map(application, options);
        application.Services.SubscribeListeners();
        TelemetryHosting.Begin(application.Services);
        foreach (var warning in certificates.Warnings(options, surroundings.Time.GetUtcNow()).Concat(MetricsListener.Warnings(options)).Concat(OptionNeed.Warnings(options)))
        {
            Log.AtStart(application.Services.GetRequiredService<ILogger<LikenessHost>>(), warning);
        }

        return application;
    }

    private static CertificateSource Certificates(LikenessOptions options, TimeProvider time) => new(
        options.Certificates.IsEmpty
            ? [SelfSignedCertificate.Ensure(options.DataDirectory, options.Domains, time)]
            : [.. options.Certificates.Zip(options.Keys)]);

    private static OperationContext ContextOf(IServiceProvider services, LikenessOptions options) => new(
        services.GetRequiredService<IStores>(),
        services.GetRequiredService<PortraitBook>(),
        services.GetRequiredService<AccountBook>(),
        services.GetRequiredService<AddressBook>(),
        services.GetRequiredService<PortraitActs>(),
        services.GetRequiredService<DomainPolicies>())
    {
        DataDirectory = options.DataDirectory,
        Guard = services.GetRequiredService<PictureGuard>(),
        Rooms = XmppHosting.Rooms(services, options),
        Profiles = services.GetRequiredService<ProfileBook>(),
        Roles = services.GetRequiredService<RoleBook>(),
        SecondFactors = services.GetRequiredService<SecondFactors>(),
        Tokens = services.GetRequiredService<LoginTokens>(),
        Invitations = services.GetRequiredService<InvitationBook>(),
        InvitationLinks = services.GetRequiredService<InvitationLinks>(),
        Sessions = XmppHosting.ServesChats(options) ? services.GetRequiredService<SessionActs>() : null,
        MessagesOfTheDay = XmppHosting.ServesChats(options) ? services.GetRequiredService<MessagesOfTheDay>() : null,
        Imports = XmppHosting.ServesChats(options) ? services.GetRequiredService<AccountImport>() : null,
        Renderer = services.GetRequiredService<IImageRenderer>(),
        Time = services.GetRequiredService<TimeProvider>(),
        Health = services.GetRequiredService<HealthReport>(),
        Federation = FederationKeys.IsOn(options) ? services.GetRequiredService<FederationStatus>() : null,
        Beside = services.GetService<BesideServers>()?.All,
        WebhooksChanged = services.GetRequiredService<WebhookDispatcher>().Refresh,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Warning}")]
        public static partial void AtStart(ILogger logger, string warning);

        [LoggerMessage(2, LogLevel.Information, "{Upgrade}")]
        public static partial void Upgraded(ILogger logger, string upgrade);
    }
}

/// <summary>How web applications end.</summary>
internal static class WebApplicationEnd
{
    /// <summary>For listeners of the operator's own: nobody has to be given time there.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    /// <summary>Accepts nothing more and waits for those who are there; who has not gone in that time is cut off, which is no failure.</summary>
    public static async Task StopWithin(this WebApplication application, TimeSpan time)
    {
        using var drain = new CancellationTokenSource(time);
        try
        {
            await application.StopAsync(drain.Token);
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            // The application's disposal closes what is left.
        }
    }
}
