using System.Threading.Channels;
using Likeness.Imaging;
using Likeness.Server.Options;
using Microsoft.Extensions.Logging;

namespace Likeness.Server.Files;

/// <summary>Takes up picture files that change on disk, without a restart: at once where the system tells, else at the next look.</summary>
internal sealed partial class FileWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private readonly IReadOnlyList<WatchedFile> _files;
    private readonly Stamp?[] _seen;
    private readonly Stamp?[] _doubtful;
    private readonly Stamp?[] _failed;
    private readonly long _largest;
    private readonly ILogger _log;
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly ITimer _timer;
    private Task _work = Task.CompletedTask;
    private bool _periodHasPassed;

    private FileWatch(IReadOnlyList<WatchedFile> files, long largest, TimeProvider time, ILogger log)
    {
        _files = files;
        _seen = new Stamp?[files.Count];
        _doubtful = new Stamp?[files.Count];
        _failed = new Stamp?[files.Count];
        _largest = largest;
        _log = log;
        _timer = time.CreateTimer(_ => LookAfterPeriod(), null, files.Count == 0 ? Timeout.InfiniteTimeSpan : Period, Period);
    }

    /// <summary>Takes every file up, then goes on watching. Throws <see cref="OptionsRefusedException"/> naming every file that cannot be used.</summary>
    /// <param name="largest">Bytes of a file that is read.</param>
    public static async Task<FileWatch> Start(IReadOnlyList<WatchedFile> files, long largest, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        var watch = new FileWatch(files, largest, time, log);
        try
        {
            await watch.ShowAll(cancellationToken);
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }

        watch.Listen();
        watch._work = Task.Run(watch.Work, CancellationToken.None);
        return watch;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _timer.DisposeAsync();
        _watchers.ForEach(watcher => watcher.Dispose());
        await _work;
        _stopping.Dispose();
    }

    private async Task ShowAll(CancellationToken cancellationToken)
    {
        var problems = new List<OptionProblem>();
        for (var index = 0; index < _files.Count; index++)
        {
            var file = _files[index];
            try
            {
                _seen[index] = Stamp.Of(file.Path);
                await Show(file, cancellationToken);
            }
            catch (Exception exception) when (IsAboutTheFile(exception))
            {
                problems.Add(new OptionProblem(file.Key, file.Path, exception.Message, "a JPEG, PNG, WebP, GIF or AVIF file"));
            }
        }

        if (problems.Count > 0)
        {
            throw new OptionsRefusedException([.. problems]);
        }
    }

    private void Listen()
    {
        foreach (var folder in _files.Select(file => Path.GetDirectoryName(file.Path)!).Distinct(StringComparer.Ordinal))
        {
            try
            {
                var watcher = new FileSystemWatcher(folder);
                watcher.Changed += (_, _) => Look();
                watcher.Created += (_, _) => Look();
                watcher.Deleted += (_, _) => Look();
                watcher.Renamed += (_, _) => Look();
                watcher.EnableRaisingEvents = true;
                _watchers.Add(watcher);
            }
            catch (Exception exception) when (exception is IOException or ArgumentException)
            {
                Log.NotTold(_log, folder, exception.Message);
            }
        }
    }

    private void Look() => _looks.Writer.TryWrite(true);

    private void LookAfterPeriod()
    {
        Volatile.Write(ref _periodHasPassed, true);
        Look();
    }

    private async Task Work()
    {
        try
        {
            await foreach (var _ in _looks.Reader.ReadAllAsync(_stopping.Token))
            {
                var periodHasPassed = Interlocked.Exchange(ref _periodHasPassed, false);
                for (var index = 0; index < _files.Count; index++)
                {
                    await Update(index, periodHasPassed);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task Update(int index, bool periodHasPassed)
    {
        var (file, before, stamp) = (_files[index], _seen[index], Stamp.Of(_files[index].Path));
        if (stamp == before)
        {
            return;
        }

        try
        {
            _seen[index] = await TryShow(file, isLastTry: stamp is null || (periodHasPassed && stamp == _doubtful[index])) ? stamp : before;
            _doubtful[index] = stamp;
        }
#pragma warning disable CA1031 // One file that makes trouble must not end the watching of the others, nor the server: the next look tries again.
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (_failed[index] != stamp)
            {
                Log.NotTakenUp(_log, file.Path, exception);
            }

            _failed[index] = stamp;
        }
    }

    /// <summary>False: it may be half written; what was shown before stays until a period has passed.</summary>
    private async Task<bool> TryShow(WatchedFile file, bool isLastTry)
    {
        try
        {
            await Show(file, _stopping.Token);
            Log.TakenUp(_log, file.Path);
        }
        catch (Exception exception) when (IsAboutTheFile(exception))
        {
            if (!isLastTry)
            {
                return false;
            }

            Log.NotShown(_log, file.Path, exception.Message);
            await file.Hide(_stopping.Token);
        }

        return true;
    }

    private async Task Show(WatchedFile file, CancellationToken cancellationToken)
    {
        var content = new FileInfo(file.Path);
        if (content.Length > _largest)
        {
            throw new IOException($"The file has more than {_largest} bytes.");
        }

        await file.Show(await File.ReadAllBytesAsync(file.Path, cancellationToken), new DateTimeOffset(content.LastWriteTimeUtc), cancellationToken);
    }

    private static bool IsAboutTheFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ImageRefusedException or RenderUnavailableException or OperationRefusedException;

    /// <summary>What tells that a file is another one than before; null: there is none.</summary>
    private sealed record Stamp(string Target, DateTime Written, long Length)
    {
        /// <summary>Of the file itself where the path is a link.</summary>
        public static Stamp? Of(string path)
        {
            try
            {
                var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
                return file.Exists ? new Stamp(file.FullName, file.LastWriteTimeUtc, file.Length) : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Path} changed and is shown")]
        public static partial void TakenUp(ILogger logger, string path);

        [LoggerMessage(2, LogLevel.Error, "{Path} cannot be used, the default is shown in its place: {Reason}")]
        public static partial void NotShown(ILogger logger, string path, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Changes in {Folder} are not told by the system, they are looked for now and then: {Reason}")]
        public static partial void NotTold(ILogger logger, string folder, string reason);

        [LoggerMessage(4, LogLevel.Error, "The change of {Path} could not be taken up; it is tried again")]
        public static partial void NotTakenUp(ILogger logger, string path, Exception exception);
    }
}
