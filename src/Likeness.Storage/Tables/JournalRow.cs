using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Messages as a row of the journal: of two that say the same, as the archives of both who talk have them, the second is only mentioned.</summary>
internal static class JournalRow
{
    private const byte Version = 1;

    [Flags]
    private enum Fields : byte
    {
        None = 0,
        Resource = 1,
        Author = 2,
        Latest = 4,
        SameStanza = 8,
    }

    public static byte[] Write(List<ArchivedMessage> messages)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(messages.Count);
        byte[]? former = null;
        foreach (var message in messages)
        {
            var isSame = ReferenceEquals(message.Stanza, former);
            writer.Write((byte)((message.Resource is null ? Fields.None : Fields.Resource) | (message.Author is null ? Fields.None : Fields.Author)
                | (message.Latest is null ? Fields.None : Fields.Latest) | (isSame ? Fields.SameStanza : Fields.None)));
            writer.Write(message.Archive);
            writer.Write(message.Number);
            writer.Write(message.Sent.UtcTicks);
            writer.Write(message.Total);
            writer.Write(message.Peer);
            if (message.Resource is not null)
            {
                writer.Write(message.Resource);
            }

            if (message.Author is not null)
            {
                writer.Write(message.Author);
            }

            if (message.Latest is { } latest)
            {
                writer.Write(latest.UtcTicks);
            }

            if (!isSame)
            {
                writer.Write(message.Stanza.Length);
                writer.Write(message.Stanza);
                former = message.Stanza;
            }
        }

        return bytes.ToArray();
    }

    public static IEnumerable<ArchivedMessage> Read(byte[] row)
    {
        using var reader = new BinaryReader(new MemoryStream(row));
        if (reader.ReadByte() is not Version and var other)
        {
            throw new StorageException($"The journal of archives is of a kind {other} that this program does not know.");
        }

        byte[] stanza = [];
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var fields = (Fields)reader.ReadByte();
            var (archive, number, sent, total, peer) = (reader.ReadInt64(), reader.ReadInt64(), Time(reader), reader.ReadInt64(), reader.ReadString());
            var resource = fields.HasFlag(Fields.Resource) ? reader.ReadString() : null;
            var author = fields.HasFlag(Fields.Author) ? reader.ReadString() : null;
            DateTimeOffset? latest = fields.HasFlag(Fields.Latest) ? Time(reader) : null;
            stanza = fields.HasFlag(Fields.SameStanza) ? stanza : reader.ReadBytes(reader.ReadInt32());
            yield return new ArchivedMessage(archive, number, sent, total, peer, resource, stanza) { Author = author, Latest = latest };
        }
    }

    private static DateTimeOffset Time(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);
}
