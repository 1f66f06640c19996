namespace Likeness.Http.Health;

/// <summary>One thing that has to work.</summary>
/// <param name="Name">One word.</param>
/// <param name="Look">Says how it is in a few words, without paths and secrets; throws when it does not work.</param>
public sealed record HealthCheck(string Name, Func<CancellationToken, Task<string>> Look);

/// <summary>Does not work, for a reason that strangers may read.</summary>
public sealed class UnhealthyException(string message) : Exception(message);

/// <summary>What a check found.</summary>
public sealed record HealthFinding(string Name, bool Works, string Text);
