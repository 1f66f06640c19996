using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Webhooks;

/// <summary>Hears of every change and passes it on to a worker for each hook; a hook that is dead keeps no other waiting.</summary>
public sealed partial class WebhookDispatcher : IHostedService, IPortraitListener, IDisposable
{
    private readonly WebhookServices _services;
    private readonly SemaphoreSlim _turn = new(1);
    private ImmutableArray<WebhookWorker> _workers = [];
    private bool _stopped;

    internal WebhookDispatcher(WebhookServices services) => _services = services;

    public void OnPortraitChanged(PortraitChanged change)
    {
        foreach (var worker in _workers)
        {
            worker.Changed(change.Identity);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Refresh(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        _stopped = true;
        await Task.WhenAll(_workers.Select(worker => worker.DisposeAsync().AsTask()));
        _workers = [];
        _turn.Release();
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>To be called after a hook was added or removed.</summary>
    public async Task Refresh(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var hooks = _stopped ? [] : await _services.Store.List(cancellationToken);
            var before = _workers;
            var kept = before.Where(worker => hooks.Any(hook => IsSame(worker, hook))).ToImmutableArray();
            var added = hooks.Where(hook => !kept.Any(worker => IsSame(worker, hook))).Select(hook => new WebhookWorker(hook, _services));
            // Listens before it looks what is untold: nothing falls in between.
            _workers = [.. kept, .. added];
            foreach (var worker in _workers.Except(kept))
            {
                worker.Start();
            }

            foreach (var gone in before.Except(kept))
            {
                await gone.DisposeAsync();
            }

            Log.Serving(_services.Log, _workers.Length);
        }
        finally
        {
            _turn.Release();
        }
    }

    // A hook that was removed and added again under its name has another secret.
    private static bool IsSame(WebhookWorker worker, Stores.Webhook hook) =>
        worker.Hook.Name == hook.Name && worker.Hook.Url == hook.Url && worker.Hook.Secret.AsSpan().SequenceEqual(hook.Secret);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Count} webhooks are told of changes")]
        public static partial void Serving(ILogger logger, int count);
    }
}
