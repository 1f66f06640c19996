using System.Threading.Channels;
using Likeness.Http.Tests.Hosting;
using Likeness.Http.Webhooks;
using Likeness.Libravatar;
using Likeness.Storage;
using Likeness.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Likeness.Http.Tests.Webhooks;

/// <summary>Portraits over a real database and the announcing of their changes, which can be stopped and started again.</summary>
internal sealed class HookStage : IAsyncDisposable
{
    public const string Secret = "lkw_test";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("likeness-hooks-");
    private readonly Channel<TimeSpan> _alarms = Channel.CreateUnbounded<TimeSpan>();
    private IStores _stores = null!;
    private ServiceProvider _services = null!;

    private HookStage() => Time.AlarmSet = span => _alarms.Writer.TryWrite(span);

    public SettableTime Time { get; } = new();

    public PortraitBook Book => _services.GetRequiredService<PortraitBook>();

    public AddressBook Addresses => _services.GetRequiredService<AddressBook>();

    public WebhookDispatcher Dispatcher => _services.GetRequiredService<WebhookDispatcher>();

    public IWebhookStore Store => _stores.Webhooks;

    public static async Task<HookStage> Start()
    {
        var stage = new HookStage();
        await stage.Begin();
        return stage;
    }

    /// <summary>As after a crash: what is in memory is lost.</summary>
    public async Task Restart(Func<Task>? meanwhile = null)
    {
        await End();
        if (meanwhile is not null)
        {
            await using var stores = await Database.Open(new StorageOptions { DataDirectory = _directory.FullName }, Time);
            _stores = stores;
            await meanwhile();
        }

        await Begin();
    }

    public async Task AddHook(string name, string url)
    {
        await Store.Add(new Webhook(name, url, WebhookSecret.KeyOf(Secret), Time.GetUtcNow()));
        await Dispatcher.Refresh();
    }

    public async Task Give(string person, string picture) =>
        await Book.Set(new Identity(person), new NewPortrait { Picture = Picture.Of(System.Text.Encoding.UTF8.GetBytes(picture), "image/png", 9, 9) }, new(Origin.Api));

    public async Task AddAddress(string person, string address) => await Addresses.Add(new Identity(person), Address.Parse(address));

    /// <summary>Waits until the worker waits for its next try, then lets that time pass, or longer.</summary>
    public async Task<TimeSpan> PassPause(TimeSpan atLeast = default)
    {
        var span = await NextPause();
        Time.Advance(span > atLeast ? span : atLeast);
        return span;
    }

    /// <summary>Waits until the worker waits for its next try: nothing is on its way then.</summary>
    public async Task<TimeSpan> NextPause()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var span = await _alarms.Reader.ReadAsync(timeout.Token);
            if (span > TimeSpan.Zero && span != new WebhookOptions().Timeout)
            {
                return span;
            }
        }
    }

    /// <summary>Waits until a message is on its way, then lets its time run out.</summary>
    public async Task PassTimeout()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await _alarms.Reader.ReadAsync(timeout.Token) != new WebhookOptions().Timeout)
        {
        }

        Time.Advance(new WebhookOptions().Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _directory.Delete(recursive: true);
    }

    private async Task Begin()
    {
        _stores = await Database.Open(new StorageOptions { DataDirectory = _directory.FullName }, Time);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(_stores.Portraits).AddSingleton(_stores.Webhooks)
            .AddSingleton(new DomainPolicies([new DomainPolicy { Domain = "example.org" }]))
            .AddSingleton<PortraitBook>().AddSingleton<AddressBook>()
            .AddWebhooks()
            .BuildServiceProvider();
        _services.SubscribeListeners();
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    private async Task End()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        await _stores.DisposeAsync();
    }
}
