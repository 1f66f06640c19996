namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>How many pictures an account may leave at its data node without announcing them: each is kept for a while.</summary>
internal sealed class DraftAllowance
{
    private const int Most = 20;
    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _ends = new();

    /// <exception cref="StanzaErrorException">Too many are kept already.</exception>
    public void Take(DateTimeOffset now, TimeSpan lifetime)
    {
        lock (_gate)
        {
            while (_ends.TryPeek(out var end) && end <= now)
            {
                _ends.Dequeue();
            }

            if (_ends.Count >= Most)
            {
                throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"At most {Most} pictures can be published in {lifetime.TotalMinutes:0} minutes.");
            }

            _ends.Enqueue(now + lifetime);
        }
    }
}
