using Microsoft.Extensions.Logging;

namespace Likeness.Http.Health;

/// <summary>Looks at everything that has to work, at most every ten seconds however often it is asked.</summary>
public sealed partial class HealthReport(IEnumerable<HealthCheck> checks, TimeProvider time, ILogger<HealthReport> log) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private readonly HealthCheck[] _checks = [.. checks];
    private readonly SemaphoreSlim _turn = new(1);
    private IReadOnlyList<HealthFinding>? _findings;
    private DateTimeOffset _since;

    /// <summary>One finding for each check.</summary>
    public async Task<IReadOnlyList<HealthFinding>> Read(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_findings is null || time.GetUtcNow() - _since >= Fresh)
            {
                _findings = await Task.WhenAll(_checks.Select(Look));
                _since = time.GetUtcNow();
            }

            return _findings;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<HealthFinding> Look(HealthCheck check)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        try
        {
            return new HealthFinding(check.Name, Works: true, await check.Look(timeout.Token).WaitAsync(timeout.Token));
        }
        catch (DegradedException exception)
        {
            return new HealthFinding(check.Name, Works: true, exception.Message) { IsDegraded = true };
        }
        catch (UnhealthyException exception)
        {
            return new HealthFinding(check.Name, Works: false, exception.Message);
        }
#pragma warning disable CA1031 // Whatever it is, it does not work; why is for the log alone.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Failed(log, check.Name, exception);
            return new HealthFinding(check.Name, Works: false, "does not answer");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The health check {Check} failed")]
        public static partial void Failed(ILogger logger, string check, Exception exception);
    }
}

/// <summary>One thing that has to work.</summary>
/// <param name="Name">One word.</param>
/// <param name="Look">Says how it is in a few words, without paths and secrets; throws when it does not work.</param>
public sealed record HealthCheck(string Name, Func<CancellationToken, Task<string>> Look);

/// <summary>Does not work, for a reason that strangers may read.</summary>
public sealed class UnhealthyException(string message) : Exception(message);

/// <summary>Something beside it does not work, for a reason that strangers may read; the server itself does.</summary>
public sealed class DegradedException(string message) : Exception(message);

/// <summary>What a check found.</summary>
public sealed record HealthFinding(string Name, bool Works, string Text)
{
    /// <summary>What is asked for works, and something else does not at this moment.</summary>
    public bool IsDegraded { get; init; }
}
