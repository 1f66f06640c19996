namespace Likeness.Http;

/// <summary>How long an answer is true.</summary>
/// <param name="Version">What it was made from.</param>
/// <param name="Expires">The second of <see cref="HttpClock"/> from which on it is prepared anew.</param>
internal readonly record struct AnswerLife(AnswerVersion Version, long Expires)
{
    private const int ShortSeconds = 60;

    /// <summary>It stands in for something that may be there soon: browsers must not keep it long.</summary>
    public bool IsShort { get; init; }

    public int Limit(int seconds) => IsShort ? Math.Min(seconds, ShortSeconds) : seconds;
}
