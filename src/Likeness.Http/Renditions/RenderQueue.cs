using System.Diagnostics.Metrics;
using System.Net;
using Likeness.Imaging;
using Likeness.Limits;

namespace Likeness.Http.Renditions;

/// <summary>Whom a render is made for: each is given a share of the workers' time, so that nobody waits behind one of them.</summary>
/// <param name="Picture">Decoded at most once at a time; null: nothing that could be asked for in other sizes.</param>
/// <param name="Owner">Whose picture it is; null: nobody's.</param>
/// <param name="Client">Who asked; null: nobody in particular.</param>
internal readonly record struct RenderShare(PictureId? Picture, Identity? Owner, ClientKey? Client);

/// <summary>
/// The one queue before the render workers. What is rationed is the workers' time, as it was measured, and not the number of
/// renders: whoever used least of it lately is next, whatever came first; a person and a client leave a worker to the others;
/// one picture is decoded once at a time, and when it turns out to be at fault all that wait for it hear of it at once.
/// </summary>
public sealed class RenderQueue : IDisposable
{
    private const int MaxClients = 100_000;
    private const int MaxUsers = 10_000;

    // After so long half of what somebody used is forgotten.
    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(30);

    private readonly IImageRenderer _renderer;
    private readonly AvatarOptions _options;
    private readonly TimeProvider _time;
    private readonly KeyedRateLimiter<ClientKey>? _allowance;
    private readonly Lock _lock = new();
    private readonly LinkedList<Job> _waiting = new();
    private readonly Dictionary<object, User> _users = [];
    private readonly Meter _meter = new("Likeness.Rendering");
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _asked;
    private int _running;
    private int _waitingFaces;

    public RenderQueue(IImageRenderer renderer, AvatarOptions options, TimeProvider time)
    {
        (_renderer, _options, _time) = (renderer, options, time);
        _allowance = options.RendersPerMinute == 0 ? null : new(new(options.RendersPerMinute, TimeSpan.FromMinutes(1)), MaxClients, time);
        _duration = _meter.CreateHistogram<double>("likeness.render.duration", "s", "Time of a render from the question to the picture, by job and outcome (done, refused, unavailable, failed).");
        _asked = _meter.CreateUpDownCounter<long>("likeness.render.queue", description: "Renders that were asked for and have not ended.");
    }

    /// <summary>Whose renders are counted; null for loopback: it is a proxy in front of this server, or its operator.</summary>
    public static ClientKey? ClientOf(IPAddress? client) => client is null || IPAddress.IsLoopback(client) || (client.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(client.MapToIPv4())) ? null : ClientKey.Of(client);

    /// <summary>A render of a picture that somebody gives the person.</summary>
    public Task<RenderedImage> Render(Identity owner, RenderRequest request) => Render(new RenderShare(null, owner, null), isFace: false, () => new(request));

    public void Dispose() => _meter.Dispose();

    /// <summary>Counts a render that the client causes. Throws <see cref="TooManyRendersException"/> when it had its minute's worth.</summary>
    internal void Charge(ClientKey? client)
    {
        if (client is { } key && _allowance?.Take(key) is { Ticks: > 0 } wait)
        {
            throw new TooManyRendersException(wait);
        }
    }

    /// <summary>Throws <see cref="RenderUnavailableException"/> when too many wait or the wait was too long, <see cref="ImageRefusedException"/> when the picture is at fault.</summary>
    /// <param name="request">Called when it is its turn: a picture that waits takes no memory.</param>
    internal async Task<RenderedImage> Render(RenderShare share, bool isFace, Func<ValueTask<RenderRequest>> request)
    {
        var (asked, kind, outcome) = (_time.GetTimestamp(), isFace ? RenderJob.Face : RenderJob.Photo, "failed");
        _asked.Add(1);
        try
        {
            var job = Enter(share, isFace);
            await Turn(job);
            var began = _time.GetTimestamp();
            try
            {
                var what = await request();
                kind = what.Job;
                var image = await _renderer.Render(what, CancellationToken.None);
                outcome = "done";
                return image;
            }
            catch (ImageRefusedException exception)
            {
                Refuse(share.Picture, exception);
                throw;
            }
            finally
            {
                Leave(job, _time.GetElapsedTime(began));
            }
        }
        catch (ImageRefusedException)
        {
            outcome = "refused";
            throw;
        }
        catch (RenderUnavailableException)
        {
            outcome = "unavailable";
            throw;
        }
        finally
        {
            _asked.Add(-1);
            _duration.Record(_time.GetElapsedTime(asked).TotalSeconds, new("job", kind.ToString().ToLowerInvariant()), new("outcome", outcome));
        }
    }

    private Job Enter(RenderShare share, bool isFace)
    {
        lock (_lock)
        {
            var job = new Job(share.Picture, isFace, UserOf(share.Picture), UserOf(share.Owner), UserOf(share.Client));
            if (_running < _options.RenderWorkers && MayStart(job))
            {
                Start(job);
                return job;
            }

            if (_waiting.Count >= _options.MaxRenders
                || (isFace && _waitingFaces >= Math.Max(1, _options.MaxRenders / 2))
                || job.Client?.Waiting >= Math.Max(1, _options.MaxRenders / 2)
                || job.Picture?.Waiting >= Math.Max(1, _options.MaxRenders / 4)
                || job.Owner?.Waiting >= Math.Max(1, _options.MaxRenders / 4))
            {
                throw new RenderUnavailableException("Too many pictures wait to be rendered.");
            }

            job.Place = _waiting.AddLast(job);
            Count(job, waiting: 1);
            return job;
        }
    }

    private async Task Turn(Job job)
    {
        try
        {
            await job.Turn.Task.WaitAsync(_options.MaxRenderWait, _time);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                if (job.Place is not null)
                {
                    Withdraw(job);
                    throw new RenderUnavailableException("No render worker was free in time.");
                }
            }

            // Its turn came at the last moment.
            await job.Turn.Task;
        }
    }

    private void Refuse(PictureId? picture, ImageRefusedException exception)
    {
        lock (_lock)
        {
            for (var place = _waiting.First; picture is not null && place is not null;)
            {
                var (job, next) = (place.Value, place.Next);
                if (job.Id == picture)
                {
                    Withdraw(job);
                    job.Turn.SetException(new ImageRefusedException(exception.Reason, exception.Message));
                }

                place = next;
            }
        }
    }

    private void Leave(Job job, TimeSpan took)
    {
        lock (_lock)
        {
            _running--;
            foreach (var user in job.Users)
            {
                user.Running--;
                user.Charge(took, _time);
            }

            while (_running < _options.RenderWorkers && Next() is { } next)
            {
                Withdraw(next);
                Start(next);
            }

            if (_users.Count > MaxUsers)
            {
                Forget();
            }
        }
    }

    private Job? Next()
    {
        Job? best = null;
        var least = double.MaxValue;
        foreach (var job in _waiting)
        {
            // Of what it is for, whatever used most counts.
            if (MayStart(job) && job.Users.Select(user => user.Used(_time)).DefaultIfEmpty().Max() is var used && used < least)
            {
                (best, least) = (job, used);
            }
        }

        return best;
    }

    // Faces are drawn by ourselves and cost what is known: nobody has to be protected from them.
    private bool MayStart(Job job)
    {
        var share = Math.Max(1, _options.RenderWorkers - 1);
        return job.Picture is not { Running: > 0 } && (job.IsFace || (!(job.Owner?.Running >= share) && !(job.Client?.Running >= share)));
    }

    private void Start(Job job)
    {
        _running++;
        foreach (var user in job.Users)
        {
            user.Running++;
        }

        job.Turn.SetResult();
    }

    private void Withdraw(Job job)
    {
        _waiting.Remove(job.Place!);
        job.Place = null;
        Count(job, waiting: -1);
    }

    private void Count(Job job, int waiting)
    {
        _waitingFaces += job.IsFace ? waiting : 0;
        foreach (var user in job.Users)
        {
            user.Waiting += waiting;
        }
    }

    private User? UserOf(object? key)
    {
        if (key is null)
        {
            return null;
        }

        if (!_users.TryGetValue(key, out var user))
        {
            _users.Add(key, user = new User());
        }

        return user;
    }

    // Who used little enough is as good as new.
    private void Forget()
    {
        foreach (var (key, user) in _users.Where(entry => entry.Value is { Running: 0, Waiting: 0 }).OrderBy(entry => entry.Value.Used(_time)).Take(MaxUsers / 2).ToList())
        {
            _users.Remove(key);
        }
    }

    private sealed class Job(PictureId? id, bool isFace, User? picture, User? owner, User? client)
    {
        public PictureId? Id { get; } = id;

        public bool IsFace { get; } = isFace;

        public User? Picture { get; } = picture;

        public User? Owner { get; } = owner;

        public User? Client { get; } = client;

        public User[] Users { get; } = [.. new[] { picture, owner, client }.OfType<User>()];

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Null when it does not wait (any more).</summary>
        public LinkedListNode<Job>? Place { get; set; }
    }

    /// <summary>A picture, a person or a client.</summary>
    private sealed class User
    {
        private double _used;
        private long _since;

        public int Running { get; set; }

        public int Waiting { get; set; }

        /// <summary>Seconds of workers' time; the longer ago, the less they count. Less than a hundredth is none: then it is first come, first served.</summary>
        public double Used(TimeProvider time) => _used * Math.Pow(0.5, time.GetElapsedTime(_since) / HalfLife) is var left and >= 0.01 ? left : 0;

        public void Charge(TimeSpan took, TimeProvider time) => (_used, _since) = (Used(time) + took.TotalSeconds, time.GetTimestamp());
    }
}

/// <summary>A client caused more renders than it may.</summary>
internal sealed class TooManyRendersException(TimeSpan retryAfter) : Exception("Too many avatars were rendered for this client.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
