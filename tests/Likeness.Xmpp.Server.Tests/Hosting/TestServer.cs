using System.Net;
using System.Net.Security;
using Likeness.Accounts;
using Likeness.Imaging;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Federation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>The real server on a loopback port, with a database of its own in a directory that goes with it.</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Domain = "localhost";
    private readonly WebApplication _host;
    private readonly string _directory;

    private TestServer(WebApplication host, string directory, IStores stores, TestClock clock, ServerLog log)
    {
        _host = host;
        _directory = directory;
        Stores = stores;
        Clock = clock;
        Log = log;
    }

    public IStores Stores { get; }

    public TestClock Clock { get; }

    public ServerLog Log { get; }

    public IServiceProvider Services => _host.Services;

    public IPEndPoint EndPoint { get; private init; } = null!;

    public IPEndPoint DirectTls { get; private init; } = null!;

    public IPEndPoint Components { get; private init; } = null!;

    /// <summary>Where other servers connect.</summary>
    public IPEndPoint Peers { get; private init; } = null!;

    /// <summary>Where other servers connect with TLS from the first byte.</summary>
    public IPEndPoint DirectTlsPeers { get; private init; } = null!;

    /// <summary>Where the web side is, without TLS.</summary>
    public IPEndPoint Web { get; private init; } = null!;

    /// <param name="domain">Whose people it serves.</param>
    /// <param name="certificates">What it shows; null: the certificate of all tests.</param>
    public static async Task<TestServer> Start(
        XmppServerOptions options, Action<IServiceCollection>? addServices = null, string domain = Domain, SslStreamCertificateContext? certificates = null)
    {
        var directory = Directory.CreateTempSubdirectory("likeness-transcript-").FullName;
        var clock = new TestClock();
        var log = new ServerLog();
        var stores = await Database.Open(new StorageOptions { DataDirectory = directory }, clock);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions[] opened = [];
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => opened = Listen(kestrel));
        builder.Logging.AddProvider(log);
        AddServices(builder.Services, options, stores, clock, domain, certificates ?? TestCertificate.Context);
        addServices?.Invoke(builder.Services);
        var host = builder.Build();
        host.Services.UseXmppFeatures();
        host.Services.SubscribeListeners();
        host.MapXmppWebSocket();
        await host.StartAsync();
        return new TestServer(host, directory, stores, clock, log)
        {
            EndPoint = opened[0].IPEndPoint!,
            DirectTls = opened[1].IPEndPoint!,
            Components = opened[2].IPEndPoint!,
            Peers = opened[3].IPEndPoint!,
            DirectTlsPeers = opened[4].IPEndPoint!,
            Web = opened[5].IPEndPoint!,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _host.Services.GetRequiredService<OpenConnections>().CloseAll();
        await _host.StopAsync();
        await _host.DisposeAsync();
        await Stores.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static ListenOptions[] Listen(KestrelServerOptions kestrel)
    {
        var opened = new List<ListenOptions>();
        Stream<XmppConnectionHandler>();
        Stream<DirectTlsConnectionHandler>();
        Stream<ComponentConnectionHandler>();
        Stream<PeerConnectionHandler>();
        Stream<DirectTlsPeerConnectionHandler>();
        kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 0), opened.Add);
        return [.. opened];

        void Stream<THandler>()
            where THandler : ConnectionHandler => kestrel.Listen(new StreamEndPoint(new(IPAddress.Loopback, 0)), listen =>
        {
            listen.UseConnectionHandler<THandler>();
            opened.Add(listen);
        });
    }

    private static void AddServices(IServiceCollection services, XmppServerOptions options, IStores stores, TestClock clock, string domain, SslStreamCertificateContext certificate)
    {
        services.AddLogging();
        services.AddRoutingCore();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(stores);
        services.AddSingleton(stores.Portraits);
        services.AddSingleton(new ImageGate(ImageLimits.Default));
        services.AddSingleton(new DomainPolicies([new DomainPolicy { Domain = domain }]));
        services.AddSingleton<AddressBook>();
        services.AddSingleton<TestGuard>();
        services.AddSingleton<IPictureGuard>(provider => provider.GetRequiredService<TestGuard>());
        services.AddSingleton<PortraitBook>();
        services.AddSingleton<LoginLimits>();
        services.AddSingleton(new LoginTokens(stores, options.Secret, clock));
        services.AddSingleton(new PasswordRule(TestCredentials.Password.Length));
        services.AddSingleton(new RoleBook(stores.Roles, new ReservedNames(options.Admins)));
        services.AddSingleton<AccountBook>();
        services.AddSingleton<IConnectionListenerFactory>(new TcpTransport(SocketTransportOptions.CreateDefaultBoundListenSocket));
        services.AddXmppServer(options, _ => certificate);
    }
}
