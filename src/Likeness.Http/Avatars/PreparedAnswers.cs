using System.Diagnostics.CodeAnalysis;

namespace Likeness.Http;

/// <summary>Answers that are repeated while nothing they were made from has changed.</summary>
public sealed class PreparedAnswers(AvatarOptions options, PortraitVersions versions, HttpClock clock)
{
    private readonly AnswerTable _table = new(options.AnswerMemory);

    /// <summary>The second of <see cref="HttpClock"/> until which an answer made now is good.</summary>
    internal long Expiry => clock.Seconds + (long)options.AnswerLifetime.TotalSeconds;

    /// <summary>The answer prepared for exactly this request, if it is still true. Allocates nothing.</summary>
    public bool TryRecall(ReadOnlySpan<byte> key, [NotNullWhen(true)] out AvatarAnswer? answer) =>
        _table.TryGet(key, out answer) && clock.Seconds < answer.Expires && versions.IsCurrent(answer.Version);

    /// <summary>Remembers it, if the request was seen before.</summary>
    public void Offer(byte[] key, AvatarAnswer answer) => _table.Offer(key, answer);
}
