using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Likeness.Cli;

/// <summary>Tells systemd how the service is (sd_notify(3), <c>Type=notify</c>); does nothing where none asked.</summary>
internal sealed class SystemdService : IAsyncDisposable
{
    private static readonly ServiceState Watchdog = new("WATCHDOG=1");
    private static readonly ServiceState Reloading = new("RELOADING=1");
    private readonly SystemdNotifier _notifier = new();
    private readonly ITimer? _watchdog;

    /// <summary>Every listener accepts.</summary>
    public SystemdService(TimeProvider time)
    {
        _notifier.Notify(ServiceState.Ready);
        if (_notifier.IsEnabled && WatchdogPeriod() is { } period)
        {
            _watchdog = time.CreateTimer(_ => _notifier.Notify(Watchdog), null, period, period);
        }
    }

    /// <summary>Runs <paramref name="reload"/> and says so.</summary>
    public void Reload(Action reload)
    {
        _notifier.Notify(Reloading);
        reload();
        _notifier.Notify(ServiceState.Ready);
    }

    public async ValueTask DisposeAsync()
    {
        if (_watchdog is not null)
        {
            await _watchdog.DisposeAsync();
        }

        _notifier.Notify(ServiceState.Stopping);
    }

    // Half the time that systemd allows, as sd_watchdog_enabled(3) advises.
    private static TimeSpan? WatchdogPeriod() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds / 2)
            : null;
}
