using System.Net.Security;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Components;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Features;
using Likeness.Xmpp.Server.Federation;
using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Likeness.Xmpp.Server;

/// <summary>Puts the chat side together.</summary>
public static class XmppServer
{
    /// <summary>Adds the XMPP server. The host provides stores, the books of portraits and accounts, <see cref="LoginLimits"/>, <see cref="LoginTokens"/>, domain policies, a <see cref="TimeProvider"/> and logging, and opens <see cref="XmppListeners"/>.</summary>
    /// <param name="certificates">Chooses a certificate by server name; null asks for the default one. Called for every handshake, so a renewed certificate is used at once.</param>
    public static IServiceCollection AddXmppServer(
        this IServiceCollection services,
        XmppServerOptions options,
        Func<string?, SslStreamCertificateContext> certificates)
    {
        services.AddSingleton(options);
        services.AddSingleton(certificates);
        services.AddSingleton(provider => new ReservedNames(options.Admins)
        {
            Domains = provider.GetRequiredService<DomainPolicies>().All.Where(policy => !policy.Chats).Select(policy => policy.Domain).ToHashSet(StringComparer.Ordinal),
        });
        services.AddSingleton<InvitationBook>();
        services.TryAddSingleton(new InvitationLinks(web: null));
        services.AddSingleton(provider => provider.GetRequiredService<IStores>().Documents);
        services.AddSingleton(provider => provider.GetRequiredService<IStores>().Nodes);
        services.AddSingleton(provider => provider.GetRequiredService<IStores>().Archives);
        services.AddSingleton<FeatureRegistry>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<Router>();
        services.AddSingleton(provider => new AccountAsker(provider.GetRequiredService<Router>()));
        services.AddSingleton<LocalAccounts>();
        services.AddSingleton<OutgoingQuestions>();
        services.AddSingleton<RemotePictures>();
        services.AddSingleton<IqDispatcher>();
        services.AddSingleton<MessageDelivery>();
        services.AddSingleton<PresenceBroadcast>();
        services.AddSingleton<DirectedPresence>();
        services.AddSingleton<PresenceProbes>();
        services.AddSingleton<RosterChanges>();
        services.AddSingleton<SubscriptionPresence>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<AccountClosing>();
        services.AddSingleton(provider => new SessionActs(
            provider.GetRequiredService<AccountDirectory>(), provider.GetRequiredService<OpenConnections>(), provider.GetRequiredService<Binding>()));
        services.AddSingleton<IAccountListener>(provider => provider.GetRequiredService<AccountClosing>());
        services.AddSingleton<Archives>();
        services.AddSingleton<ArchiveReading>();
        services.AddSingleton<PresenceDispatcher>();
        services.AddSingleton<ISessionHandler, SessionHandler>();
        services.AddSingleton<Binding>();
        services.AddSingleton<ISessionBinder>(provider => provider.GetRequiredService<Binding>());
        services.AddSingleton<IAccountListener>(provider => provider.GetRequiredService<LoginTokens>());
        services.AddSingleton<Authentication>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<ConnectionLimits>();
        services.AddHostedService<OpenSslBuffersCheck>();
        services.AddSingleton(provider => provider.GetRequiredService<FeatureRegistry>().Streams);
        services.AddSingleton<StreamServices>();
        return services.AddFeatures().AddRooms().AddFederation().AddComponents();
    }

    /// <summary>Lets every feature register; call once before the first connection.</summary>
    public static void UseXmppFeatures(this IServiceProvider provider)
    {
        var registry = provider.GetRequiredService<FeatureRegistry>();
        MessageDelivery.Register(registry);
        foreach (var feature in provider.GetServices<IFeature>())
        {
            feature.Register(registry);
        }

        // XEP-0386 §3.2: who binds so gets no waiting messages, which are in the archive then.
        if (provider.GetRequiredService<XmppServerOptions>().Archive.IsOn)
        {
            registry.Streams.Inline.AddRange(registry.Inline.Keys.Order(StringComparer.Ordinal));
        }

        var accounts = provider.GetRequiredService<LocalAccounts>();
        var destinations = new Dictionary<string, IDestination>(registry.Services);
        foreach (var policy in provider.GetRequiredService<DomainPolicies>().OfChats)
        {
            destinations.Add(policy.Domain, accounts);
        }

        var isFederated = provider.GetRequiredService<XmppServerOptions>().Federation.IsOn;
        provider.GetRequiredService<Router>().Use(destinations, isFederated ? provider.GetRequiredService<Peers>() : null);
        if (isFederated)
        {
            provider.GetRequiredService<LostPeers>();
        }
    }
}
