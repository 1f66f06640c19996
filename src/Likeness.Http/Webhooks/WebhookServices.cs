using Likeness.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Webhooks;

/// <summary>What every worker works with.</summary>
internal sealed class WebhookServices(
    PortraitBook book,
    AddressBook addresses,
    IWebhookStore store,
    WebhookSender sender,
    WebhookMetrics metrics,
    WebhookOptions options,
    TimeProvider time,
    ILogger<WebhookDispatcher> log)
{
    public PortraitBook Book => book;

    public AddressBook Addresses => addresses;

    public IWebhookStore Store => store;

    public WebhookSender Sender => sender;

    public WebhookMetrics Metrics => metrics;

    public WebhookOptions Options => options;

    public TimeProvider Time => time;

    public ILogger Log => log;
}

/// <summary>Composition of the announcing of changes.</summary>
public static class WebhookComposition
{
    /// <summary>Needs the portrait book, the address book and the store of webhooks beside it.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, WebhookOptions? options = null) => services
        .AddSingleton(options ?? new WebhookOptions())
        .AddSingleton<WebhookSender>()
        .AddSingleton<WebhookMetrics>()
        .AddSingleton<WebhookServices>()
        .AddSingleton(provider => new WebhookDispatcher(provider.GetRequiredService<WebhookServices>()))
        .AddSingleton<IPortraitListener>(provider => provider.GetRequiredService<WebhookDispatcher>())
        .AddHostedService(provider => provider.GetRequiredService<WebhookDispatcher>());
}
