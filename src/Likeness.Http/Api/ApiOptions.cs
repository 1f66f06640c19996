namespace Likeness.Http.Api;

/// <summary>What an operator may set about the REST interface.</summary>
public sealed record ApiOptions
{
    /// <summary>Bytes of the largest picture file that is read.</summary>
    public long LargestFile { get; init; } = 10 * 1024 * 1024;

    /// <summary>Requests a token may make; as many may come at once. A batch counts one more for each twenty addresses.</summary>
    public int RequestsPerMinute { get; init; } = 1200;

    /// <summary>Wrong tokens a client address may show before it is told to wait; as many may come at once.</summary>
    public int FailuresPerMinute { get; init; } = 20;
}
