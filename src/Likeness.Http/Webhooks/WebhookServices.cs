using System.Diagnostics.Metrics;
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

/// <summary>How patient the announcing of changes is.</summary>
public sealed record WebhookOptions
{
    /// <summary>How long one delivery may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A change that could not be told for so long is told no more.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(3);
}

/// <summary>Counts what is told to hooks.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    private readonly Meter _meter = new("Likeness.Webhooks");
    private readonly Counter<long> _deliveries;

    public WebhookMetrics() =>
        _deliveries = _meter.CreateCounter<long>("likeness.webhook.deliveries", description: "Messages to webhooks by hook and outcome: delivered, failed, given-up.");

    public void Dispose() => _meter.Dispose();

    internal void Delivered(string hook) => Count(hook, "delivered");

    internal void Failed(string hook) => Count(hook, "failed");

    internal void GivenUp(string hook) => Count(hook, "given-up");

    private void Count(string hook, string outcome) => _deliveries.Add(1, new("hook", hook), new("outcome", outcome));
}
