namespace Likeness.Libravatar.Resolving;

/// <summary>Spares a resolver that is down: after some silences in a row it is left alone for a while, then tried once.</summary>
internal sealed class CircuitBreaker(int maxSilences, TimeSpan pause, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _silences;
    private long _closedUntil;
    private long _lastAnswer = long.MinValue;

    /// <summary>Takes the one trial after a pause.</summary>
    public bool MayAsk()
    {
        lock (_gate)
        {
            if (_silences < maxSilences)
            {
                return true;
            }

            if (time.GetTimestamp() < _closedUntil)
            {
                return false;
            }

            Close();
            return true;
        }
    }

    public void Answered()
    {
        lock (_gate)
        {
            _silences = 0;
            _lastAnswer = time.GetTimestamp();
        }
    }

    /// <summary>Tells of a question that was not answered. A resolver that answered another one meanwhile is not down: it waits for a domain's own silent servers.</summary>
    /// <param name="asked">Timestamp of the question.</param>
    /// <returns>Whether it is left alone from now on.</returns>
    public bool Silent(long asked)
    {
        lock (_gate)
        {
            if (_lastAnswer >= asked || ++_silences < maxSilences)
            {
                return false;
            }

            Close();
            return _silences == maxSilences;
        }
    }

    private void Close() => _closedUntil = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
}
