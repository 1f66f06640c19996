using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Webhooks;

/// <summary>
/// Tells one hook of changes, one message at a time, so that what it hears of a person is in order. The marks in the
/// database are the queue: whatever differs from them is still to be told, also after a crash. Of it at most so many are held
/// in memory (<see cref="WaitingPeople.Most"/>); when there were more the database is read again, a page at a time.
/// </summary>
internal sealed partial class WebhookWorker : IAsyncDisposable
{
    private readonly Webhook _hook;
    private readonly WebhookServices _services;
    private readonly WaitingPeople _waiting;
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;
    private bool _isReading = true;
    private Identity? _readUntil;
    private int _failuresInARow;
    private DateTimeOffset _pausedUntil;

    public WebhookWorker(Webhook hook, WebhookServices services)
    {
        (_hook, _services, _waiting) = (hook, services, new WaitingPeople(services.Time));
    }

    public Webhook Hook => _hook;

    public void Start() => _work = Task.Run(Work);

    public void Changed(Identity person) => _waiting.Add(person);

    /// <summary>What was not told yet is told after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
    }

    private async Task Work()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await CatchUp();
                await Step();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A database that is away for a while must not end the announcing.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.Stumbled(_services.Log, _hook.Name, exception);
                Pause();
                await Rest();
            }
        }
    }

    /// <summary>Reads a page of what is still to be told, when there is room for it.</summary>
    private async Task CatchUp()
    {
        if (!_isReading && _waiting.TakeOverflow())
        {
            (_isReading, _readUntil) = (true, null);
        }

        if (_isReading && _waiting.Count <= WaitingPeople.Most / 2)
        {
            var page = await _services.Store.Untold(_hook.Name, _readUntil, _stopping.Token);
            foreach (var person in page.People)
            {
                _waiting.Add(person);
            }

            _readUntil = page.Last;
            _isReading = page.Last is not null;
        }
    }

    private async Task Step()
    {
        if (!_waiting.TryTake(_pausedUntil, out var person, out var wait))
        {
            if (!_isReading || _waiting.Count > WaitingPeople.Most / 2)
            {
                await _waiting.News(wait, _stopping.Token);
            }

            return;
        }

        var done = false;
        try
        {
            done = await Tell(person);
        }
        finally
        {
            if (!done)
            {
                var failures = person.Failures + 1;
                _waiting.PutBack(person with { Failures = failures, Due = _services.Time.GetUtcNow() + RetryPause.After(failures) });
            }
        }
    }

    /// <summary>True: the hook knows, or will not be told.</summary>
    private async Task<bool> Tell(WaitingPerson waiting)
    {
        var person = waiting.Person;
        var told = await _services.Store.Told(_hook.Name, person, _stopping.Token);
        var portrait = await _services.Book.Find(person, _stopping.Token);
        var isGone = portrait.Version == 0;
        var mark = new WebhookMark(portrait.Version, isGone ? _services.Time.GetUtcNow() : portrait.Changed, portrait.Source?.Id);
        if (isGone ? told?.Picture is null : told is not null && told.Version == mark.Version && told.Changed == mark.Changed)
        {
            return true;
        }

        var message = WebhookMessage.Of(
            portrait, _services.Book.VisibilityOf(portrait), mark.Changed, await _services.Addresses.Of(person, _stopping.Token), told?.Picture);
        if (await _services.Sender.Post(_hook, message, _stopping.Token) is { } reason)
        {
            return await Failed(waiting, isGone ? waiting.Since : portrait.Changed, mark, reason);
        }

        await _services.Store.Mark(_hook.Name, person, mark, _stopping.Token);
        _services.Metrics.Delivered(_hook.Name);
        (_failuresInARow, _pausedUntil) = (0, default);
        return true;
    }

    private async Task<bool> Failed(WaitingPerson waiting, DateTimeOffset since, WebhookMark mark, string reason)
    {
        Pause();
        if (_services.Time.GetUtcNow() - since < _services.Options.GiveUpAfter)
        {
            Log.NotTold(_services.Log, _hook.Name, waiting.Person.Value, reason);
            _services.Metrics.Failed(_hook.Name);
            return false;
        }

        Log.GivenUp(_services.Log, _hook.Name, waiting.Person.Value, reason);
        _services.Metrics.GivenUp(_hook.Name);
        await _services.Store.Mark(_hook.Name, waiting.Person, mark, _stopping.Token);
        return true;
    }

    private void Pause() => _pausedUntil = _services.Time.GetUtcNow() + RetryPause.After(++_failuresInARow);

    private async Task Rest()
    {
        try
        {
            await Task.Delay(_pausedUntil - _services.Time.GetUtcNow(), _services.Time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by itself.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The webhook {Hook} could not be told of {Person}, it will be tried again: {Reason}")]
        public static partial void NotTold(ILogger logger, string hook, string person, string reason);

        [LoggerMessage(2, LogLevel.Error, "The webhook {Hook} is told no more of this change of {Person}: {Reason}")]
        public static partial void GivenUp(ILogger logger, string hook, string person, string reason);

        [LoggerMessage(3, LogLevel.Error, "The webhook {Hook} cannot be served for a moment")]
        public static partial void Stumbled(ILogger logger, string hook, Exception exception);
    }
}
