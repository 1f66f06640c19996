using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Likeness.Http.Webhooks;

/// <summary>The people a hook is still to be told of, each once: however often a portrait changes meanwhile, only its newest state is told.</summary>
internal sealed class WaitingPeople(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Identity, WaitingPerson> _people = [];
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Somebody changed. Who waits for another try goes on waiting for it.</summary>
    public void Add(Identity person)
    {
        lock (_lock)
        {
            _people.TryAdd(person, new WaitingPerson(person, 0, time.GetUtcNow(), time.GetUtcNow()));
            _news.Writer.TryWrite(true);
        }
    }

    /// <summary>Could not be told; keeps what was learnt of earlier tries.</summary>
    public void PutBack(WaitingPerson person)
    {
        lock (_lock)
        {
            _people[person.Person] = person;
        }
    }

    /// <summary>The one whose turn is next; false when its time, or <paramref name="notBefore"/>, has not come: then <paramref name="wait"/> tells how long, null for until there is news.</summary>
    public bool TryTake(DateTimeOffset notBefore, [NotNullWhen(true)] out WaitingPerson? person, out TimeSpan? wait)
    {
        lock (_lock)
        {
            // What is looked at here is no news any more.
            _news.Reader.TryRead(out _);
            person = _people.Values.MinBy(waiting => waiting.Due);
            wait = null;
            if (person is null)
            {
                return false;
            }

            var due = person.Due > notBefore ? person.Due : notBefore;
            wait = due - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                person = null;
                return false;
            }

            return _people.Remove(person.Person);
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
