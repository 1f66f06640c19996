using System.Text;

namespace Likeness.Cli.Importing;

/// <summary>Messages on their way from a file to the server: any number of them, in a file of the owner's that goes with its handle.</summary>
internal sealed class MessageSpool : IDisposable
{
    private FileStream? _file;
    private BinaryWriter? _writer;

    public long Count { get; private set; }

    public void Add(string xml)
    {
        if (_writer is null)
        {
            _file = new FileStream(Path.Combine(Path.GetTempPath(), $"likeness-import-{Guid.NewGuid():N}"), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            _writer = new BinaryWriter(_file, Encoding.UTF8);
        }

        _writer.Write(xml);
        Count++;
    }

    /// <summary>Pages of them behind so many, with how many come before each.</summary>
    public IEnumerable<(long Position, IReadOnlyList<string> Xml)> Pages(long after, int maxMessages, int maxCharacters)
    {
        if (_file is null)
        {
            yield break;
        }

        _writer!.Flush();
        _file.Position = 0;
        using var reader = new BinaryReader(_file, Encoding.UTF8, leaveOpen: true);
        var (page, characters, at) = (new List<string>(), 0, 0L);
        for (; at < Count; at++)
        {
            var xml = reader.ReadString();
            if (at < after)
            {
                continue;
            }

            if (page.Count > 0 && (page.Count == maxMessages || characters + xml.Length > maxCharacters))
            {
                yield return (at - page.Count, page);
                (page, characters) = ([], 0);
            }

            page.Add(xml);
            characters += xml.Length;
        }

        if (page.Count > 0)
        {
            yield return (at - page.Count, page);
        }
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _file?.Dispose();
    }
}
