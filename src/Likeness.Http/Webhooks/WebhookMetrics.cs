using System.Diagnostics.Metrics;

namespace Likeness.Http.Webhooks;

/// <summary>Counts what is told to hooks.</summary>
public sealed class WebhookMetrics : IDisposable
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
