using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Likeness.Accounts;

/// <summary>Codes that an authenticator shows and that change every half minute: RFC 6238, as all authenticators do it (SHA-1, six digits, 30 s).</summary>
public static class OneTimeCodes
{
    public const int SecretBytes = 20;

    /// <summary>Steps of 30 seconds that a clock may go wrong by (RFC 6238 §5.2).</summary>
    public const int MaxSkew = 1;

    private const int Digits = 6;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    /// <summary>RFC 4226 §5.3.</summary>
    public static string At(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // What authenticators do; HMAC does not ask that nobody finds two texts with one hash.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xF)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step of which this is the code, by clocks that may go a little wrong; null: of none.</summary>
    public static long? StepOf(byte[] secret, string code, DateTimeOffset now)
    {
        if (code.Length != Digits || !code.All(char.IsAsciiDigit))
        {
            return null;
        }

        long? found = null;
        for (var step = StepAt(now) - MaxSkew; step <= StepAt(now) + MaxSkew; step++)
        {
            // All are looked at, so that the time tells nothing.
            var expected = At(secret, step);
            found = CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(expected), System.Text.Encoding.ASCII.GetBytes(code)) ? step : found;
        }

        return found;
    }

    /// <summary>RFC 4648 §6, without padding: as people type it.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        for (var at = 0; at < text.Length; at++)
        {
            var value = 0;
            for (var bit = at * 5; bit < (at * 5) + 5; bit++)
            {
                value = (value << 1) | (bit / 8 < bytes.Length ? (bytes[bit / 8] >> (7 - (bit % 8))) & 1 : 0);
            }

            text[at] = Letters[value];
        }

        return new string(text);
    }

    /// <summary>What an authenticator reads from a picture.</summary>
    public static string Uri(byte[] secret, Identity account, string issuer) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(account.Value)}?secret={Text(secret)}&issuer={System.Uri.EscapeDataString(issuer)}";
}
