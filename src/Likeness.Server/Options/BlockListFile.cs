using Likeness.Xmpp.Server;

namespace Likeness.Server.Options;

/// <summary>The file in which an operator lists blocked domains; read again without a restart when it changes.</summary>
internal sealed class BlockListFile
{
    private const int MaxBytes = 4 * 1024 * 1024;
    private readonly string? _path;
    private readonly DomainBlockList _list;
    private (DateTime Written, long Length) _read;

    /// <summary>Throws <see cref="FormatException"/> when the file cannot be used.</summary>
    /// <param name="path">Null: there is none.</param>
    /// <param name="list">Takes up what is in the file.</param>
    public BlockListFile(string? path, DomainBlockList list)
    {
        (_path, _list) = (path, list);
        ReloadWhenChanged();
    }

    /// <summary>False: nothing changed. When the file cannot be used the old list stays in force, and <see cref="FormatException"/> tells why, once for each change.</summary>
    public bool ReloadWhenChanged()
    {
        if (_path is null || Stamp() is var stamp && stamp == _read)
        {
            return false;
        }

        _read = stamp;
        _list.Patterns = Read(_path);
        return true;
    }

    /// <summary>Domains now in force.</summary>
    public int Count => _list.Patterns.Count;

    /// <summary>Throws <see cref="FormatException"/> naming the first line that is no domain.</summary>
    public static DomainPatterns Read(string path)
    {
        try
        {
            return new FileInfo(path).Length > MaxBytes
                ? throw new FormatException($"'{path}' has more than {MaxBytes} bytes")
                : new DomainPatterns([.. Patterns(path)]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"'{path}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static IEnumerable<string> Patterns(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var hash = line.IndexOf('#', StringComparison.Ordinal);
            var text = (hash < 0 ? line : line[..hash]).Trim();
            if (text.Length > 0)
            {
                yield return Pattern(path, number, text);
            }
        }
    }

    private static string Pattern(string path, int number, string text)
    {
        try
        {
            return FederationKeys.Pattern(text);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"'{path}', line {number}: {wrong.Message}", wrong);
        }
    }

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(_path!);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
