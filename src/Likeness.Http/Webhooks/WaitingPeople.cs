using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace Likeness.Http.Webhooks;

/// <summary>
/// The people a hook is still to be told of, each once: however often a portrait changes meanwhile, only its newest state is
/// told. At most <see cref="Most"/> of them; that there were more is remembered, who they were is not.
/// </summary>
internal sealed class WaitingPeople(TimeProvider time)
{
    /// <summary>About two megabytes.</summary>
    public const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Identity, WaitingPerson> _people = [];

    // Who was put back stands in it twice for a while: only the entry that agrees with the person counts.
    private readonly PriorityQueue<Identity, DateTimeOffset> _order = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _overflow;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _people.Count;
            }
        }
    }

    /// <summary>True once after there were too many: somebody is to be told of who is not here.</summary>
    public bool TakeOverflow()
    {
        lock (_lock)
        {
            var overflow = _overflow && _people.Count <= Most / 2;
            _overflow &= !overflow;
            return overflow;
        }
    }

    /// <summary>Somebody changed. Who waits for another try goes on waiting for it.</summary>
    public void Add(Identity person)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_people.Count >= Most)
            {
                _overflow |= !_people.ContainsKey(person);
            }
            else if (_people.TryAdd(person, new WaitingPerson(person, 0, now, now)))
            {
                _order.Enqueue(person, now);
            }

            _news.Writer.TryWrite(true);
        }
    }

    /// <summary>Could not be told; keeps what was learnt of earlier tries.</summary>
    public void PutBack(WaitingPerson person)
    {
        lock (_lock)
        {
            _people[person.Person] = person;
            _order.Enqueue(person.Person, person.Due);
        }
    }

    /// <summary>The one whose turn is next; false when its time, or <paramref name="notBefore"/>, has not come: then <paramref name="wait"/> tells how long, null for until there is news.</summary>
    public bool TryTake(DateTimeOffset notBefore, [NotNullWhen(true)] out WaitingPerson? person, out TimeSpan? wait)
    {
        lock (_lock)
        {
            // What is looked at here is no news any more.
            _news.Reader.TryRead(out _);
            (person, wait) = (null, null);
            while (_order.TryPeek(out var first, out var due))
            {
                if (!_people.TryGetValue(first, out person) || person.Due != due)
                {
                    _order.Dequeue();
                    continue;
                }

                wait = (due > notBefore ? due : notBefore) - time.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    person = null;
                    return false;
                }

                _order.Dequeue();
                return _people.Remove(first);
            }

            person = null;
            return false;
        }
    }

    /// <summary>Until somebody was added, or for so long.</summary>
    public async Task News(TimeSpan? atMost, CancellationToken cancellationToken)
    {
        using var alarm = new CancellationTokenSource(atMost ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellationToken);
        try
        {
            await _news.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time has come.
        }
    }
}

/// <summary>Somebody a hook is to be told of.</summary>
/// <param name="Failures">Tries that failed.</param>
/// <param name="Since">Of the first try in this process.</param>
/// <param name="Due">Of the next try.</param>
internal sealed record WaitingPerson(Identity Person, int Failures, DateTimeOffset Since, DateTimeOffset Due);

/// <summary>How long to wait after so many failures: 1 s, doubled each time up to an hour, of which a random part up to a half is left out so that receivers that come back are not met by everybody at once.</summary>
internal static class RetryPause
{
    private const int MaxDoublings = 12;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan After(int failures)
    {
        var whole = TimeSpan.FromSeconds(1L << Math.Min(failures - 1, MaxDoublings));
        whole = whole < Longest ? whole : Longest;
        return whole * (1 - (RandomNumberGenerator.GetInt32(501) / 1000.0));
    }
}
