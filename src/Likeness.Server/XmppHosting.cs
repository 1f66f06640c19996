using System.Globalization;
using Likeness.Accounts;
using Likeness.Server.Administration;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp.Server;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features;
using Likeness.Xmpp.Server.Rooms;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server;

/// <summary>How the XMPP server is put into the host.</summary>
internal static class XmppHosting
{
    private static readonly TimeSpan RoomTimeout = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddXmpp(this IServiceCollection services, LikenessOptions options, CertificateSource certificates, ConnectionSlots slots) =>
        services.AddSingleton(new BlockListFile(options.S2sBlockFile, options.Chat.Federation.BlockList)).AddXmppServer(
            options.Chat with
            {
                PlaintextForDevelopment = options.DevelopmentPlaintext,
                // The web keeps its share when chats use up theirs.
                MaxConnections = slots.Max - Math.Clamp(slots.Max / 10, 8, 256),
                Secret = InstallationSecret.Ensure(options.DataDirectory),
                Federation = FederationKeys.Of(options),
            },
            host => certificates.Select(host).Context)
            .AddAdministration();

    // Operations need what is composed here: they are asked for when one is carried out.
    private static IServiceCollection AddAdministration(this IServiceCollection services) => services.AddSingleton<IAdHocCommands>(provider =>
        new ServiceAdministration(provider.GetRequiredService<OperationContext>, provider.GetRequiredService<RoleBook>()));

    /// <summary>Call once before the first connection.</summary>
    public static void Prepare(IServiceProvider services) => services.UseXmppFeatures();

    /// <summary>For an account that another process on the same database removed: what is in memory of it ends.</summary>
    public static AccountGone AccountGone(IServiceProvider services)
    {
        var sessions = services.GetRequiredService<SessionActs>();
        return identity => sessions.Forget(identity.Value);
    }

    /// <summary>
    /// Chats are served by one process of all on a database: presence and sessions are in its memory. Throws
    /// <see cref="StorageException"/> with the name of the one that does. Null for a server without chat listeners.
    /// </summary>
    public static async Task<IAsyncDisposable?> Claim(IStores stores, LikenessOptions options, Action<string> lost, CancellationToken cancellationToken)
    {
        if (options.Xmpp.IsEmpty)
        {
            return null;
        }

        try
        {
            var holder = string.Create(CultureInfo.InvariantCulture, $"likeness on {Environment.MachineName}, process {Environment.ProcessId}");
            return await stores.Claim("chats", holder, lost, cancellationToken);
        }
        catch (RoleTakenException taken)
        {
            throw new StorageException($"The chats of this database are served already, by {taken.Holder}. Stop that one first, or serve only the web here: --xmpp off", taken);
        }
    }

    /// <summary>Where chats are served by another process, rooms are not in this one's memory.</summary>
    public static RoomActs Rooms(IServiceProvider services, LikenessOptions options) => ServesChats(options)
        ? services.GetRequiredService<RoomActs>()
        : RoomActs.Offline(
            services.GetRequiredService<IStores>(),
            services.GetRequiredService<PortraitBook>(),
            services.GetRequiredService<AddressBook>(),
            services.GetRequiredService<DomainPolicies>(),
            options.Chat,
            services.GetRequiredService<TimeProvider>());

    public static bool ServesChats(LikenessOptions options) => !options.Xmpp.IsEmpty || !options.Xmpps.IsEmpty;

    /// <summary>Tells the occupants of rooms that the server goes, before their streams end.</summary>
    public static Task LeaveRooms(IServiceProvider services) =>
        services.GetRequiredService<RoomActs>().Close(RoomTimeout, services.GetRequiredService<TimeProvider>());

    /// <summary>Tells every client that the server goes.</summary>
    public static void Close(IServiceProvider services) => services.GetRequiredService<SessionActs>().CloseAll();

    /// <summary>The connections are over: what waits for clients that lost theirs is kept. Call while the stores are open.</summary>
    public static Task EndAway(IServiceProvider services) => services.GetRequiredService<SessionActs>().EndAllAway();
}
