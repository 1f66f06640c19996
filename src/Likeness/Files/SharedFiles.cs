using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Likeness.Accounts;
using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness.Files;

/// <summary>
/// The files that people share in chats (XEP-0363), each in a folder of its owner's. What there is stands in the folders alone: names
/// say owner and type, and a file is there when it is whole and on the disk. In memory is what is needed to find and to count them.
/// </summary>
public sealed partial class SharedFiles : IAccountListener
{
    private const int BufferSize = 64 * 1024;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SharedFile>> _owners = new(StringComparer.Ordinal);
    private readonly HashSet<string> _coming = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _closed = new(StringComparer.Ordinal);
    private readonly IPictureGuard _guard;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedFiles> _log;
    private long _bytes;

    /// <summary>Looks at what is there already; what was cut short is removed.</summary>
    public SharedFiles(SharedFileOptions options, FileSlots slots, IPictureGuard guard, TimeProvider time, ILogger<SharedFiles> log)
    {
        (Options, Slots, _guard, _time, _log) = (options, slots, guard, time, log);
        Web = options.Web;
        foreach (var path in Directory.CreateDirectory(Drafts).EnumerateFiles())
        {
            path.Delete();
        }

        foreach (var file in new DirectoryInfo(options.Folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            Put(new SharedFile(Path.GetFileNameWithoutExtension(file.Name), file.Directory!.Name, file.Extension, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)));
        }
    }

    public SharedFileOptions Options { get; }

    public FileSlots Slots { get; }

    /// <summary>Where the web side is reached from outside; null: not known yet.</summary>
    public Uri? Web { get; set; }

    /// <summary>Bytes of all files.</summary>
    public long Size => Interlocked.Read(ref _bytes);

    private string Drafts => Path.Combine(Options.Folder, "drafts");

    /// <summary>Where the file of a slot is put and read; the name is there for people.</summary>
    /// <exception cref="InvalidOperationException">The web side is not known yet.</exception>
    public Uri UrlOf(FileSlot slot, string name) =>
        new(Web ?? throw new InvalidOperationException("The web side does not listen yet."), $"/upload/{slot.Id}/{Uri.EscapeDataString(name)}");

    /// <summary>Refuses a file for which there is no room now.</summary>
    /// <exception cref="FileQuotaException">There is none.</exception>
    public void Demand(Identity account, long size)
    {
        lock (_gate)
        {
            Demand(OwnerOf(account), size);
        }
    }

    public SharedFile? Find(string id)
    {
        lock (_gate)
        {
            return _coming.Contains(id) ? null : _files.GetValueOrDefault(id);
        }
    }

    public string PathOf(SharedFile file) => Path.Combine(Options.Folder, file.Owner, file.Id + file.Extension);

    /// <summary>Takes a file in. When this completes it is on the disk.</summary>
    /// <returns>False: the slot has been used.</returns>
    /// <exception cref="FileQuotaException">There is no room (any more).</exception>
    /// <exception cref="PictureBlockedException">Nobody may show it.</exception>
    /// <exception cref="EndOfStreamException">It ended too early.</exception>
    /// <exception cref="AccountGoneException">Its owner was removed.</exception>
    public async ValueTask<bool> Save(FileSlot slot, string type, Stream content, CancellationToken cancellationToken)
    {
        if (Reserve(slot, type) is not { } file)
        {
            return false;
        }

        var isWhole = false;
        var draft = Path.Combine(Drafts, file.Id);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
            await using var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.Delete, 0, FileOptions.Asynchronous);
            await Copy(content, stream, file.Size, cancellationToken);
            File.SetLastWriteTimeUtc(draft, file.Created.UtcDateTime);
            File.Move(draft, PathOf(file));

            // Once more behind the renaming: it is on the disk with the file.
            stream.Flush(flushToDisk: true);
            isWhole = true;
        }
        finally
        {
            Settle(file, draft, isWhole);
        }

        return Find(file.Id) is not null ? true : throw new AccountGoneException(slot.Account);
    }

    /// <summary>Removes what was kept long enough.</summary>
    public void Sweep()
    {
        SharedFile[] old;
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            old = [.. _files.Values.Where(file => now - file.Created >= Options.Lifetime && !_coming.Contains(file.Id))];
            foreach (var owner in _closed.Where(closed => now - closed.Value > FileSlots.Lifetime).Select(closed => closed.Key).ToArray())
            {
                _closed.Remove(owner);
            }
        }

        foreach (var file in old)
        {
            Remove(file);
        }
    }

    public ValueTask OnClosing(Identity account) => default;

    public ValueTask OnClosed(Identity account)
    {
        SharedFile[] all;
        lock (_gate)
        {
            // Slots from before count no more.
            _closed[OwnerOf(account)] = _time.GetUtcNow();
            all = [.. _owners.GetValueOrDefault(OwnerOf(account)) ?? []];
        }

        foreach (var file in all)
        {
            Remove(file);
        }

        return default;
    }

    private static string OwnerOf(Identity account) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account.Value)).AsSpan(0, 16));

    private SharedFile? Reserve(FileSlot slot, string type)
    {
        var owner = OwnerOf(slot.Account);
        lock (_gate)
        {
            if (_closed.TryGetValue(owner, out var closed) && slot.Ends - FileSlots.Lifetime <= closed)
            {
                throw new AccountGoneException(slot.Account);
            }

            if (_files.ContainsKey(slot.Id))
            {
                return null;
            }

            Demand(owner, slot.Size);
            var file = new SharedFile(slot.Id, owner, FileTypes.ExtensionOf(type), slot.Size, _time.GetUtcNow());
            _coming.Add(file.Id);
            Put(file);
            return file;
        }
    }

    private void Put(SharedFile file)
    {
        _files.Add(file.Id, file);
        if (!_owners.TryGetValue(file.Owner, out var all))
        {
            _owners.Add(file.Owner, all = []);
        }

        all.Add(file);
        _bytes += file.Size;
    }

    // What is counted is what there is and what is coming.
    private void Demand(string owner, long size)
    {
        var now = _time.GetUtcNow();
        var own = _owners.GetValueOrDefault(owner) ?? [];
        Demand(own.Where(file => now - file.Created < Day), size, Options.MaxPerDay, Day, "A person may upload {0} bytes a day.");
        Demand(own, size, Options.MaxPerAccount, Options.Lifetime, "A person may have {0} bytes of files here.");
        if (_bytes + size > Options.MaxBytes || _files.Count >= Options.MaxFiles)
        {
            throw new FileQuotaException("There is no room for more files.", _files.Values.Select(file => file.Created).DefaultIfEmpty(now).Min() + Options.Lifetime);
        }
    }

    private void Demand(IEnumerable<SharedFile> files, long size, long max, TimeSpan period, string refusal)
    {
        var over = files.Sum(file => file.Size) + size - max;
        if (over <= 0)
        {
            return;
        }

        var retry = _time.GetUtcNow() + period;
        foreach (var file in files.OrderBy(file => file.Created))
        {
            over -= file.Size;
            if (over <= 0)
            {
                retry = file.Created + period;
                break;
            }
        }

        throw new FileQuotaException(string.Format(System.Globalization.CultureInfo.InvariantCulture, refusal, max), retry);
    }

#pragma warning disable CA5350 // By their SHA-1 pictures are blocked, as chats know them.
    private async ValueTask Copy(Stream from, FileStream to, long size, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var left = size; left > 0;)
            {
                var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
                if (read == 0)
                {
                    throw new EndOfStreamException($"{left} bytes of {size} did not come.");
                }

                hash.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_guard.Find(new PictureId(Convert.ToHexStringLower(hash.GetHashAndReset()))) is { } block)
        {
            throw new PictureBlockedException(block);
        }

        to.Flush(flushToDisk: true);
    }
#pragma warning restore CA5350

    private void Settle(SharedFile file, string draft, bool isWhole)
    {
        bool isGone;
        lock (_gate)
        {
            _coming.Remove(file.Id);
            isGone = !_files.ContainsKey(file.Id);
        }

        if (!isWhole || isGone)
        {
            Remove(file);
            Delete(draft);
        }
    }

    private void Remove(SharedFile file)
    {
        lock (_gate)
        {
            if (_files.Remove(file.Id))
            {
                _bytes -= file.Size;
                var all = _owners[file.Owner];
                all.Remove(file);
                if (all.Count == 0)
                {
                    _owners.Remove(file.Owner);
                }
            }
        }

        Delete(PathOf(file));
    }

    private void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Log.NotDeleted(_log, path, failed);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Path} could not be deleted")]
        public static partial void NotDeleted(ILogger logger, string path, Exception exception);
    }
}
