namespace Likeness.Stores;

/// <summary>Which services wake the devices of an account (XEP-0357). They go with the account.</summary>
public interface IPushStore
{
    /// <summary>In the order they were enabled.</summary>
    ValueTask<IReadOnlyList<PushRegistration>> Load(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Adds one, or replaces that of the same service and node. Beyond the limit those that were enabled longest ago go.</summary>
    ValueTask Save(Identity account, PushRegistration registration, int max, CancellationToken cancellationToken = default);

    /// <param name="node">Null: every node of the service.</param>
    ValueTask Remove(Identity account, string service, string? node, CancellationToken cancellationToken = default);
}

/// <summary>A service that wakes a device.</summary>
/// <param name="Service">Its address.</param>
/// <param name="Node">What the device is called there; empty: nothing.</param>
/// <param name="Resource">Of the session that enabled it.</param>
/// <param name="Options">The form that goes with what is published, as XML; null: none.</param>
public sealed record PushRegistration(string Service, string Node, string Resource, string? Options, DateTimeOffset Enabled);
