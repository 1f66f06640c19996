using System.Diagnostics.Metrics;

namespace Likeness.Server.Telemetry;

/// <summary>Counts changes of portraits by the surface they came from.</summary>
internal sealed class PortraitMetrics : IPortraitListener, IDisposable
{
    private readonly Meter _meter = new("Likeness.Portraits");
    private readonly Counter<long> _changes;

    public PortraitMetrics() =>
        _changes = _meter.CreateCounter<long>("likeness.portrait.changes", description: "Changes of portraits by origin (api, command, directory, pep, vcard, web).");

    // Who made it counts it.
    public void OnPortraitChanged(PortraitChanged change)
    {
        if (change.Cause != Cause.Elsewhere)
        {
            _changes.Add(1, new KeyValuePair<string, object?>("origin", change.After.Origin.ToString().ToLowerInvariant()));
        }
    }

    public void Dispose() => _meter.Dispose();
}
