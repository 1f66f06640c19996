using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Likeness.Xmpp.Server.Archive;

/// <summary>
/// Ids of archived messages (XEP-0359 §6): number of archive and message, encrypted. They lead to the row without an index, look random, and
/// tell nobody how many messages there are. What was not made with the same key for the same archive is no id.
/// </summary>
internal sealed class ArchiveIds(byte[] key) : IDisposable
{
    private const int Size = 16;
    private const int Letters = 22;
    private readonly Aes _cipher = Cipher(key);

    public string Of(long archive, long number)
    {
        Span<byte> block = stackalloc byte[Size];
        Span<byte> id = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(block, archive);
        BinaryPrimitives.WriteInt64BigEndian(block[8..], number);
        _cipher.EncryptEcb(block, id, PaddingMode.None);
        return Base64Url.EncodeToString(id);
    }

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

    public void Dispose() => _cipher.Dispose();

    private static Aes Cipher(byte[] key)
    {
        var cipher = Aes.Create();
        cipher.Key = key;
        return cipher;
    }
}
