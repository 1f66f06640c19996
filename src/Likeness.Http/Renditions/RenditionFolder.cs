using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Renditions;

/// <summary>
/// Renditions of people's pictures that outlive the process, bounded by bytes. Every file starts with the first half of
/// the SHA-256 of the rest: a damaged one is rendered again. A disk that fails costs speed, never an answer.
/// </summary>
internal sealed partial class RenditionFolder
{
    private const int ChecksumLength = 16;
    private readonly string? _root;
    private readonly long _most;
    private readonly ILogger<RenditionFolder> _log;
    private readonly Lock _sweeping = new();
    private readonly long[] _removals = new long[256];
    private long _bytes;

    public RenditionFolder(AvatarOptions options, ILogger<RenditionFolder> log)
    {
        _root = options.Folder;
        _most = options.FolderBytes;
        _log = log;
        if (_root is not null)
        {
            Directory.CreateDirectory(_root);
            _bytes = Files().Sum(file => file.Length);
        }
    }

    /// <summary>Bytes on disk.</summary>
    public long Size => Interlocked.Read(ref _bytes);

    /// <summary>Null when there is none, or a damaged one.</summary>
    public async Task<Rendition?> Read(RenditionKey key)
    {
        if (PathOf(key) is not { } path || !File.Exists(path))
        {
            return null;
        }

        try
        {
            var content = await File.ReadAllBytesAsync(path);
            var sound = content.Length > ChecksumLength
                && SHA256.HashData(content.AsSpan(ChecksumLength)).AsSpan(0, ChecksumLength).SequenceEqual(content.AsSpan(0, ChecksumLength));
            return sound ? Rendition.Of(content.AsMemory(ChecksumLength), key.Format) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(_log, path, exception);
            return null;
        }
    }

    /// <summary>To be asked before the picture is read that a rendition is made of.</summary>
    public long RemovalsOf(RenditionKey key) => key.Picture is { } picture ? Interlocked.Read(ref RemovalsOf(picture)) : 0;

    /// <summary>Keeps it, unless its picture was removed since.</summary>
    /// <param name="removals">What <see cref="RemovalsOf(RenditionKey)"/> was before the picture was read.</param>
    public async Task Write(RenditionKey key, Rendition rendition, long removals)
    {
        if (PathOf(key) is not { } path)
        {
            return;
        }

        var draft = $"{path}.{Guid.NewGuid():N}.draft";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await file.WriteAsync(SHA256.HashData(rendition.Bytes.Span).AsMemory(0, ChecksumLength));
                await file.WriteAsync(rendition.Bytes);
            }

            File.Move(draft, path, overwrite: true);
            if (RemovalsOf(key) != removals)
            {
                // The removal may have looked before the file was there.
                File.Delete(path);
                return;
            }

            if (Interlocked.Add(ref _bytes, ChecksumLength + rendition.Bytes.Length) > _most)
            {
                Sweep();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Unwritable(_log, path, exception);
        }
    }

    /// <summary>Deletes every rendition of a picture nobody shows any more.</summary>
    public void Remove(PictureId picture)
    {
        Interlocked.Increment(ref RemovalsOf(picture));
        if (_root is null || !Directory.Exists(FolderOf(picture)))
        {
            return;
        }

        foreach (var file in new DirectoryInfo(FolderOf(picture)).GetFiles($"{picture.Hex}-*"))
        {
            Delete(file);
        }
    }

    private ref long RemovalsOf(PictureId picture) => ref _removals[(uint)picture.GetHashCode() % _removals.Length];

    private void Sweep()
    {
        lock (_sweeping)
        {
            // Oldest first, down to four fifths, so that sweeps are rare.
            var files = Files().OrderBy(file => file.LastWriteTimeUtc).ToList();
            Interlocked.Exchange(ref _bytes, files.Sum(file => file.Length));
            foreach (var file in files.TakeWhile(_ => Size > _most * 4 / 5))
            {
                Delete(file);
            }
        }
    }

    private void Delete(FileInfo file)
    {
        try
        {
            var length = file.Length;
            file.Delete();
            Interlocked.Add(ref _bytes, -length);
        }
        catch (FileNotFoundException)
        {
            // A sweep was faster.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Unwritable(_log, file.FullName, exception);
        }
    }

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(_root!).EnumerateFiles("*", SearchOption.AllDirectories);

    private string FolderOf(PictureId picture) => Path.Combine(_root!, picture.Hex[..2]);

    // Every part of the name is ours: a hex id, a number, an enum.
    private string? PathOf(RenditionKey key) => _root is not null && key.Picture is { } picture
        ? Path.Combine(FolderOf(picture), $"{picture.Hex}-{key.Size}-{key.Format}")
        : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The rendition {Path} cannot be read")]
        public static partial void Unreadable(ILogger logger, string path, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "The rendition {Path} cannot be written")]
        public static partial void Unwritable(ILogger logger, string path, Exception exception);
    }
}

/// <summary>Takes renditions of a replaced picture off the disk, in the background: what a person removed must not linger.</summary>
internal sealed partial class RenditionCleaner : IPortraitListener, IAsyncDisposable
{
    private readonly Channel<PictureId> _gone = Channel.CreateUnbounded<PictureId>(new UnboundedChannelOptions { SingleReader = true });
    private readonly RenditionFolder _folder;
    private readonly ILogger<RenditionCleaner> _log;
    private readonly Task _work;

    public RenditionCleaner(RenditionFolder folder, ILogger<RenditionCleaner> log)
    {
        _folder = folder;
        _log = log;
        _work = Task.Run(Clean);
    }

    public void OnPortraitChanged(PortraitChanged change)
    {
        if (change.Before.Source is { } before && before.Id != change.After.Source?.Id)
        {
            _gone.Writer.TryWrite(before.Id);
        }
    }

    /// <summary>Finishes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _gone.Writer.TryComplete();
        await _work;
    }

    private async Task Clean()
    {
        await foreach (var picture in _gone.Reader.ReadAllAsync())
        {
            try
            {
                _folder.Remove(picture);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.NotRemoved(_log, picture.Hex, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Renditions of the picture {Picture} cannot be removed")]
        public static partial void NotRemoved(ILogger logger, string picture, Exception exception);
    }
}
