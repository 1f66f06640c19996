using System.Collections.Concurrent;

namespace Likeness.Imaging.Workers;

/// <summary>Renders in limited child processes, so that a picture that crashes, hangs or overruns a decoder costs one request and nothing else.</summary>
public sealed class WorkerPool : IImageRenderer
{
    private readonly WorkerPoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ImageGate _gate;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, WorkerProcess> _workers = new();
    private readonly Stack<WorkerProcess> _idle = new();
    private readonly ITimer _idleTimer;
    private int _waiting;
    private bool _disposed;
    private bool _told;

    public WorkerPool(WorkerPoolOptions options)
        : this(options, TimeProvider.System)
    {
    }

    public WorkerPool(WorkerPoolOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _gate = new ImageGate(options.Limits);
        _slots = new SemaphoreSlim(options.MaxWorkers);
        _idleTimer = time.CreateTimer(_ => StopIdle(), null, options.IdleTime, options.IdleTime);
    }

    /// <summary>Process ids of the workers that are there now, busy or idle.</summary>
    public IReadOnlyCollection<int> Workers => [.. _workers.Keys];

    /// <summary>A caller that stops waiting does not stop the render: otherwise hanging up would be a way to kill workers.</summary>
    public async Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken)
    {
        if (request.Job != RenderJob.Face)
        {
            _gate.Inspect(request.Source.Span);
        }

        await TakeSlot(cancellationToken);
        var work = Work(request);
        _ = work.ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return await work.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        await _idleTimer.DisposeAsync();
        foreach (var worker in _workers.Values)
        {
            worker.Kill();
        }

        // Every slot taken: nobody is in the middle of anything any more.
        for (var slot = 0; slot < _options.MaxWorkers; slot++)
        {
            await _slots.WaitAsync();
        }

        foreach (var worker in _workers.Values)
        {
            await Discard(worker);
        }
    }

    private async ValueTask TakeSlot(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
        {
            throw Stopping();
        }

        if (_slots.Wait(0, CancellationToken.None))
        {
            return;
        }

        if (Interlocked.Increment(ref _waiting) > _options.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new RenderUnavailableException("Too many pictures wait to be rendered; try again later.");
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            await _slots.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw Stopping();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<RenderedImage> Work(RenderRequest request)
    {
        try
        {
            while (TakeIdle() is { } waiting)
            {
                try
                {
                    return await Ask(waiting, request);
                }
                catch (WorkerGoneException)
                {
                    // It ended while idle or is worn out; the picture is not to blame, so the next one gets it.
                }
            }

            try
            {
                return await Ask(StartWorker(), request);
            }
            catch (WorkerGoneException) when (!_stopping.IsCancellationRequested)
            {
                // What took a new one away may be over; a second time it is not.
                return await Ask(StartWorker(), request);
            }
        }
        catch (WorkerGoneException exception)
        {
            throw new RenderUnavailableException("The machine stopped the render worker.", exception);
        }
        catch (ImageRefusedException exception) when (exception.Reason == RefusalReason.StoppedRenderer && _stopping.IsCancellationRequested)
        {
            throw Stopping();
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<RenderedImage> Ask(WorkerProcess worker, RenderRequest request)
    {
        var (keep, late, heldUp) = (false, false, false);
        var alarm = _time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref heldUp, worker.IsHeldUp());
                Volatile.Write(ref late, true);
                worker.Kill();
            },
            null,
            _options.TimeLimit,
            Timeout.InfiniteTimeSpan);
        try
        {
            var image = await worker.Ask(request);
            TellOnce(worker.Unconfined);
            keep = IsWhatItSays(image);
            return keep ? image : throw new ImageRefusedException(RefusalReason.StoppedRenderer, "The renderer answered with something that is no picture.");
        }
        catch (ImageRefusedException exception) when (exception.Reason is not RefusalReason.StoppedRenderer and not RefusalReason.TooCostly)
        {
            keep = true;
            throw;
        }
        catch (Exception exception) when (Volatile.Read(ref late) && exception is ImageRefusedException or WorkerGoneException)
        {
            throw Volatile.Read(ref heldUp)
                ? new RenderUnavailableException("The machine did not let the render worker work.", exception)
                : new ImageRefusedException(RefusalReason.TooCostly, "The picture needs more time than one picture may take.", exception);
        }
        finally
        {
            await alarm.DisposeAsync();
            await PutBack(worker, keep && !Volatile.Read(ref late) && !worker.IsOld());
        }
    }

    private void TellOnce(string unconfined)
    {
        if (unconfined.Length > 0 && !Interlocked.Exchange(ref _told, true))
        {
            _options.OnUnconfined?.Invoke(unconfined);
        }
    }

    private WorkerProcess StartWorker()
    {
        var worker = WorkerProcess.Start(_options);
        _workers[worker.Id] = worker;
        return worker;
    }

    private WorkerProcess? TakeIdle()
    {
        lock (_idle)
        {
            return _idle.TryPop(out var worker) ? worker : null;
        }
    }

    private async ValueTask PutBack(WorkerProcess worker, bool keep)
    {
        if (!keep || _stopping.IsCancellationRequested)
        {
            await Discard(worker);
            return;
        }

        worker.IdleSince = _time.GetTimestamp();
        lock (_idle)
        {
            _idle.Push(worker);
        }
    }

    private void StopIdle()
    {
        lock (_idle)
        {
            // The stack's bottom is longest without work.
            var (stay, go) = (new Stack<WorkerProcess>(), new List<WorkerProcess>());
            foreach (var worker in _idle.Reverse())
            {
                if (_time.GetElapsedTime(worker.IdleSince) >= _options.IdleTime || worker.HasExited)
                {
                    go.Add(worker);
                }
                else
                {
                    stay.Push(worker);
                }
            }

            _idle.Clear();
            foreach (var worker in stay.Reverse())
            {
                _idle.Push(worker);
            }

            go.ForEach(worker => _ = Discard(worker).AsTask());
        }
    }

    private ValueTask Discard(WorkerProcess worker)
    {
        // Whoever takes it out of the list ends it; a second time does nothing.
        return _workers.TryRemove(KeyValuePair.Create(worker.Id, worker)) ? worker.DisposeAsync() : ValueTask.CompletedTask;
    }

    /// <summary>A worker that was taken over by a picture must not be able to pass off anything else as one.</summary>
    private static bool IsWhatItSays(RenderedImage image) =>
        ImageGate.TryIdentify(image.Bytes.Span, out var header)
        && header.Format == image.Format && header.Width == image.Width && header.Height == image.Height;

    private static RenderUnavailableException Stopping() => new("The renderer is stopping.");
}
