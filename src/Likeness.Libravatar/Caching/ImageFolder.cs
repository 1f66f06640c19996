using System.Security.Cryptography;
using System.Text;

namespace Likeness.Libravatar.Caching;

/// <summary>Pictures on disk, one file each, up to a total of bytes; the ones written longest ago go first. What cannot be read or written is as if it were not there.</summary>
internal sealed class ImageFolder
{
    private const string Extension = ".avatar";

    private readonly Lock _gate = new();
    private readonly DirectoryInfo _folder;
    private readonly long _maxBytes;
    private long _bytes;

    public ImageFolder(string folder, long maxBytes)
    {
        _folder = Directory.CreateDirectory(folder);
        _maxBytes = maxBytes;
        _bytes = Files().Sum(file => file.Length);
    }

    /// <summary>Null when there is none or it is damaged.</summary>
    public ImageEntry? Read(string url)
    {
        try
        {
            var file = FileOf(url);
            return File.Exists(file) ? ImageFile.Read(File.ReadAllBytes(file), url) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string url, ImageEntry entry)
    {
        var content = ImageFile.Write(url, entry);
        if (content.Length > _maxBytes)
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                var file = new FileInfo(FileOf(url));
                var replaced = file.Exists ? file.Length : 0;
                AtomicFile.Write(file.FullName, content);
                _bytes += content.Length - replaced;
                Trim();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A full or lost disk costs the copy only.
            }
        }
    }

    private void Trim()
    {
        if (_bytes <= _maxBytes)
        {
            return;
        }

        FileInfo[] oldestFirst = [.. Files().OrderBy(file => file.LastWriteTimeUtc)];
        _bytes = oldestFirst.Sum(file => file.Length);
        foreach (var file in oldestFirst.TakeWhile(_ => _bytes > _maxBytes))
        {
            _bytes -= file.Length;
            file.Delete();
        }
    }

    private IEnumerable<FileInfo> Files() => _folder.EnumerateFiles("*" + Extension);

    private string FileOf(string url) =>
        Path.Combine(_folder.FullName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url))) + Extension);
}
