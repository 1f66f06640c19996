namespace Likeness.Xmpp.Server.Federation;

/// <summary>Keys that the other side of a stream was asked about (XEP-0220 §2.1.2).</summary>
internal sealed class PendingKeys
{
    // A server that does not answer is asked no more; what it was asked is over when its stream is.
    private const int MaxAsked = 256;
    private readonly Lock _gate = new();
    private readonly Dictionary<(DomainPair Pair, string Id), TaskCompletionSource<DialbackVerdict>> _asked = [];
    private DialbackVerdict? _end;

    /// <summary>True: it is to be asked; false: it was already, or the stream is over.</summary>
    public bool Add(DomainPair pair, string id, out Task<DialbackVerdict> verdict)
    {
        lock (_gate)
        {
            if (_end is { } end)
            {
                verdict = Task.FromResult(end);
                return false;
            }

            if (_asked.TryGetValue((pair, id), out var known))
            {
                verdict = known.Task;
                return false;
            }

            if (_asked.Count >= MaxAsked)
            {
                verdict = Task.FromResult(DialbackVerdict.Timeout);
                return false;
            }

            var asked = new TaskCompletionSource<DialbackVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Add((pair, id), asked);
            verdict = asked.Task;
            return true;
        }
    }

    /// <summary>False: nobody asked.</summary>
    public bool Take(DomainPair pair, string id, DialbackVerdict verdict)
    {
        lock (_gate)
        {
            return _asked.Remove((pair, id), out var asked) && asked.TrySetResult(verdict);
        }
    }

    public void End(DialbackVerdict verdict)
    {
        lock (_gate)
        {
            _end = verdict;
            foreach (var asked in _asked.Values)
            {
                asked.TrySetResult(verdict);
            }

            _asked.Clear();
        }
    }
}
