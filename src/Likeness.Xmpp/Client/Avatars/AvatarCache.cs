using System.Security.Cryptography;
using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Client.Avatars;

/// <summary>Pictures by their hash, whoever shows them: in memory, and in a folder for the next session. Both are bounded in bytes; the ones used least recently go.</summary>
public sealed class AvatarCache
{
    /// <summary>Bytes of pictures in memory.</summary>
    public const long DefaultMaxBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of pictures in the folder.</summary>
    public const long DefaultMaxFolderBytes = 128 * 1024 * 1024;

    // A folder is read whole once, then by what was added: between two looks it may grow by this share.
    private const int FolderSlack = 8;
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Id, byte[] Bytes)> _order = new();
    private readonly Dictionary<string, LinkedListNode<(string Id, byte[] Bytes)>> _kept = new(StringComparer.Ordinal);
    private readonly long _maxBytes;
    private readonly long _maxFolderBytes;
    private readonly string? _folder;
    private long _bytes;
    private long _added;

    /// <param name="folder">Is made when it is not there; null: pictures are kept in memory only.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public AvatarCache(string? folder = null, long maxBytes = DefaultMaxBytes, long maxFolderBytes = DefaultMaxFolderBytes)
    {
        (_folder, _maxBytes, _maxFolderBytes) = (folder, maxBytes, maxFolderBytes);
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            Trim(folder);
        }
    }

    /// <summary>The picture with this hash; null: it is not here. A file that is not what its name says is not believed, and goes.</summary>
    /// <param name="id">SHA-1 in lower-case hexadecimal.</param>
    public byte[]? Find(string id)
    {
        if (Xep0084UserAvatar.NormalizeId(id) != id)
        {
            return null;
        }

        lock (_lock)
        {
            if (_kept.TryGetValue(id, out var node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
                return node.Value.Bytes;
            }
        }

        if (_folder is null)
        {
            return null;
        }

        var path = Path.Combine(_folder, id);
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (Xep0084UserAvatar.IdOf(bytes) == id)
            {
                File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
                Keep(id, bytes);
                return bytes;
            }

            File.Delete(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // It is not here, then.
        }

        return null;
    }

    /// <summary>Keeps a picture. A folder that cannot be written to keeps nothing, and stops nothing.</summary>
    /// <returns>Its hash.</returns>
    public string Add(byte[] bytes)
    {
        var id = Xep0084UserAvatar.IdOf(bytes);
        Keep(id, bytes);
        if (_folder is not null && bytes.Length <= _maxFolderBytes)
        {
            var temporary = Path.Combine(_folder, $".{id}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
            try
            {
                File.WriteAllBytes(temporary, bytes);
                File.Move(temporary, Path.Combine(_folder, id), overwrite: true);
                if (Interlocked.Add(ref _added, bytes.Length) > _maxFolderBytes / FolderSlack)
                {
                    Interlocked.Exchange(ref _added, 0);
                    Trim(_folder);
                }
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                // The next session asks for it again.
            }
        }

        return id;
    }

    private void Keep(string id, byte[] bytes)
    {
        lock (_lock)
        {
            if (bytes.Length > _maxBytes || _kept.ContainsKey(id))
            {
                return;
            }

            _kept[id] = _order.AddFirst((id, bytes));
            _bytes += bytes.Length;
            while (_bytes > _maxBytes)
            {
                var last = _order.Last!;
                _order.RemoveLast();
                _kept.Remove(last.Value.Id);
                _bytes -= last.Value.Bytes.Length;
            }
        }
    }

    private void Trim(string folder)
    {
        var bytes = 0L;
        foreach (var file in new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc))
        {
            bytes += file.Length;
            if (bytes > _maxFolderBytes - (_maxFolderBytes / FolderSlack))
            {
                file.Delete();
            }
        }
    }
}
