using Likeness.Accounts;
using Likeness.Beside;
using Likeness.Http.Health;
using Likeness.Imaging;
using Likeness.Limits;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Xmpp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>How servers beside this one are put into the host.</summary>
internal static class BesideHosting
{
    public static IServiceCollection AddBeside(this IServiceCollection services, LikenessOptions options)
    {
        if (!BesideKeys.IsOn(options))
        {
            return services;
        }

        services.AddSingleton<IChatsBeside>(provider => provider.GetRequiredService<BesideServers>());
        services.AddSingleton(provider => new BesideServers([.. BesideKeys.Of(options).Select(one => new BesideServer(
            one,
            provider.GetRequiredService<PortraitBook>(),
            provider.GetRequiredService<IStores>().Beside,
            provider.GetRequiredService<IStores>().Albums,
            provider.GetRequiredService<ImageGate>(),
            provider.GetRequiredService<IImageRenderer>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BesideServer>>(),
            provider.GetRequiredService<AccountBook>()))], provider.GetRequiredService<LoginLimits>()));
        services.AddSingleton<IPortraitListener>(provider => provider.GetRequiredService<BesideServers>());
        services.AddSingleton(provider => Check(provider.GetRequiredService<BesideServers>()));
        return services.AddBackgroundTask<BesideTask>();
    }

    // The web goes on without the chat server, and what is changed meanwhile waits.
    private static HealthCheck Check(BesideServers servers) => new("beside", _ =>
    {
        var states = servers.All.Select(server => (server.Options.Domains, server.Health)).ToArray();
        var text = string.Join("; ", states.Select(state => $"{string.Join(", ", state.Domains)} {state.Health.Text}"));
        return states.All(state => state.Health.Works) ? Task.FromResult(text) : throw new DegradedException(text);
    });
}

/// <summary>All servers beside this one.</summary>
internal sealed class BesideServers(IReadOnlyList<BesideServer> all, LoginLimits limits) : IPortraitListener, IChatsBeside, IDisposable
{
    private readonly IReadOnlyList<ChatPasswordCheck> _passwords = [.. all.Select(server => new ChatPasswordCheck(server.Options.Login, server.Options.Domains, limits))];
    private readonly BesideMeter _meter = new(all);

    public IReadOnlyList<BesideServer> All => all;

    public void OnPortraitChanged(PortraitChanged change)
    {
        foreach (IPortraitListener server in All)
        {
            server.OnPortraitChanged(change);
        }
    }

    public bool Serves(string domain) => All.Any(server => server.Options.Domains.Contains(domain));

    public bool AddressesAreTheSame(string domain) => All.Any(server => server.Options.Domains.Contains(domain) && server.Options.AddressesAreTheSame != false);

    public async ValueTask<bool> Verify(Identity person, string password, ClientKey client, CancellationToken cancellationToken = default)
    {
        var server = Enumerable.Range(0, All.Count).First(index => All[index].Options.Domains.Contains(person.Domain));
        return await _passwords[server].Check(Jid.Parse(person.Value), password, client, cancellationToken) switch
        {
            ChatPasswordAnswer.Right => true,
            ChatPasswordAnswer.Wrong => false,
            ChatPasswordAnswer.TooMany => throw new AccountRefusedException(AccountRefusal.TooMany, "Too many wrong passwords; try again later.") { RetryAfter = limits.Begin(person, client).Wait },
            _ => throw new AccountRefusedException(AccountRefusal.Away, "The chat server cannot be asked at the moment."),
        };
    }

    public async ValueTask<ChatStanding?> StandingOf(Identity person, CancellationToken cancellationToken = default) =>
        All.FirstOrDefault(server => server.Options.Domains.Contains(person.Domain)) is { } beside ? await beside.StandingOf(person, cancellationToken) : null;

    public bool Writes(string domain) => All.Any(server => server.Options.Domains.Contains(domain) && server.Writes(domain));

    public bool Reaches(string domain) => All.Any(server => server.Options.Domains.Contains(domain) && server.IsConnected);

    public async ValueTask<bool> Tell(Identity person, string text, CancellationToken cancellationToken = default) =>
        All.FirstOrDefault(server => server.Options.Domains.Contains(person.Domain)) is { } beside && await beside.Tell(person, text, cancellationToken);

    public void Dispose()
    {
        _meter.Dispose();
        foreach (var server in All)
        {
            server.Dispose();
        }
    }
}

internal sealed class BesideTask(BesideServers servers, TimeProvider time, ILogger<BesideTask> log) : BackgroundTask("the servers beside this one", time, log)
{
    protected override Task Run(CancellationToken stoppingToken) => Task.WhenAll(servers.All.Select(server => server.Run(stoppingToken)));
}
