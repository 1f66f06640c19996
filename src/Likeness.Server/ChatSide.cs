using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Xmpp;
using Likeness.Xmpp.Server;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server;

/// <summary>How the XMPP server is put into the host.</summary>
internal static class ChatSide
{
    public static IServiceCollection AddChatSide(this IServiceCollection services, LikenessOptions options, CertificateSource certificates) =>
        services.AddXmppServer(
            new XmppServerOptions
            {
                PlaintextForDevelopment = options.DevelopmentPlaintext,
                OpenRegistration = options.OpenRegistration,
            },
            host => certificates.Select(host).Context);

    /// <summary>Call once before the first connection.</summary>
    public static void Prepare(IServiceProvider services) => services.UseXmppFeatures();

    public static Action<Identity> AccountChanged(IServiceProvider services)
    {
        var accounts = services.GetRequiredService<AccountDirectory>();
        return account => accounts.Forget(Jid.Parse(account.Value));
    }

    /// <summary>Tells every client that the server goes (C-227).</summary>
    public static void Close(IServiceProvider services) => services.GetRequiredService<LiveStreams>().CloseAll();
}
