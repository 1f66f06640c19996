namespace Likeness.Stores;

/// <summary>
/// What a browser has begun and comes back for: a challenge it answers, a sign-in that waits for its second half. Kept here, so that it is good once
/// and on every server of the database.
/// </summary>
public interface IWebStepStore
{
    /// <summary>All that are kept.</summary>
    const int MaxSteps = 50_000;

    /// <summary>Characters of a step's state.</summary>
    const int MaxState = 4096;

    /// <summary>Keeps a step in place of one of the same browser and kind.</summary>
    /// <returns>False: <see cref="MaxSteps"/> are kept.</returns>
    ValueTask<bool> Put(WebStep step, CancellationToken cancellationToken = default);

    /// <summary>What a browser has begun, which stays; null: nothing that is still good at <paramref name="now"/>.</summary>
    ValueTask<string?> Find(byte[] browser, string kind, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>What a browser has begun, which is then forgotten; null: nothing that is still good at <paramref name="now"/>.</summary>
    ValueTask<string?> Take(byte[] browser, string kind, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Forgets what was good until then.</summary>
    ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default);
}

/// <summary>A step.</summary>
/// <param name="Browser">SHA-256 of what the browser shows.</param>
/// <param name="State">At most <see cref="IWebStepStore.MaxState"/> characters.</param>
public sealed record WebStep(byte[] Browser, string Kind, string State, DateTimeOffset Expires);
