using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Likeness.Xmpp.Server.Archive;

/// <summary>
/// Ids of archived messages (XEP-0359 §6): number of archive and message, encrypted. They lead to the row without an index, look random, and
/// tell nobody how many messages there are. What was not made with the same key for the same archive is no id.
/// </summary>
internal sealed class ArchiveIds : IDisposable
{
    private const int Size = 16;
    private const int Letters = 22;
    private readonly Aes _cipher = Aes.Create();
    private readonly ThreadLocal<Encryption> _encryptions;

    public ArchiveIds(byte[] key)
    {
        (_cipher.Key, _cipher.Mode, _cipher.Padding) = (key, CipherMode.ECB, PaddingMode.None);
        _encryptions = new(() => new Encryption(_cipher.CreateEncryptor()), trackAllValues: true);
    }

    public string Of(long archive, long number) => _encryptions.Value!.Of(archive, number);

    /// <summary>The number of a message; null: not an id of this archive.</summary>
    public long? NumberOf(long archive, string id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> block = stackalloc byte[Size];
        if (id.Length != Letters || !Base64Url.TryDecodeFromChars(id, bytes, out var written) || written != Size)
        {
            return null;
        }

        _cipher.DecryptEcb(bytes, block, PaddingMode.None);
        return BinaryPrimitives.ReadInt64BigEndian(block) == archive && BinaryPrimitives.ReadInt64BigEndian(block[8..]) is > 0 and var number ? number : null;
    }

    public void Dispose()
    {
        foreach (var encryption in _encryptions.Values)
        {
            encryption.Dispose();
        }

        _encryptions.Dispose();
        _cipher.Dispose();
    }

    // Two for each message: to set up a cipher costs ten times what sixteen bytes do.
    private sealed class Encryption(ICryptoTransform cipher) : IDisposable
    {
        private readonly byte[] _block = new byte[Size];
        private readonly byte[] _id = new byte[Size];

        public string Of(long archive, long number)
        {
            BinaryPrimitives.WriteInt64BigEndian(_block, archive);
            BinaryPrimitives.WriteInt64BigEndian(_block.AsSpan(8), number);
            cipher.TransformBlock(_block, 0, Size, _id, 0);
            return Base64Url.EncodeToString(_id);
        }

        public void Dispose() => cipher.Dispose();
    }
}
