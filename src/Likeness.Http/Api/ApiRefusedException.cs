namespace Likeness.Http.Api;

/// <summary>A request that is not done; becomes problem+json (RFC 9457).</summary>
/// <param name="status">HTTP status code.</param>
/// <param name="message">One sentence for whoever wrote the program that asked.</param>
public sealed class ApiRefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>When to come back; null: not by waiting.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is not there, and what this token must not know to be there.</summary>
    public static ApiRefusedException NotFound(string message = "There is no portrait of this address.") => new(404, message);
}
