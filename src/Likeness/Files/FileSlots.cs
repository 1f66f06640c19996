using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Files;

/// <summary>Leave to upload one file. Everything that was agreed on stands in it, so nothing is remembered until the file comes.</summary>
/// <param name="Id">Names the file: 128 random bits in lower-case hex.</param>
/// <param name="Account">Whose file it is.</param>
/// <param name="Size">Bytes, exactly.</param>
/// <param name="Type">The media type that was announced; empty: none.</param>
/// <param name="Ends">The upload has to begin before.</param>
public sealed record FileSlot(string Id, Identity Account, long Size, string Type, DateTimeOffset Ends);

/// <summary>Signs slots, so that whoever brings one back has been given it (HMAC-SHA-256 with a secret of this installation).</summary>
public sealed class FileSlots(byte[] secret, TimeProvider time)
{
    /// <summary>How long an upload may begin.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int IdBytes = 16;
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "files shared in chats"u8.ToArray());

    /// <summary>A slot and the token that proves it.</summary>
    public (FileSlot Slot, string Token) Issue(Identity account, long size, string type)
    {
        var slot = new FileSlot(RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true), account, size, type, time.GetUtcNow() + Lifetime);
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{slot.Id}\n{account.Value}\n{size}\n{type}\n{slot.Ends.ToUnixTimeMilliseconds()}"));
        return (slot, $"{Base64Url.EncodeToString(text)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, text))}");
    }

    /// <summary>The slot of a token; null: it was not made here, or its time is over.</summary>
    public FileSlot? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 2 || !Base64Url.IsValid(parts[0]) || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        var text = Base64Url.DecodeFromChars(parts[0]);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, text), Base64Url.DecodeFromChars(parts[1])))
        {
            return null;
        }

        var fields = Encoding.UTF8.GetString(text).Split('\n');
        var ends = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(fields[4], CultureInfo.InvariantCulture));
        return ends > time.GetUtcNow()
            ? new FileSlot(fields[0], new Identity(fields[1]), long.Parse(fields[2], CultureInfo.InvariantCulture), fields[3], ends)
            : null;
    }
}
