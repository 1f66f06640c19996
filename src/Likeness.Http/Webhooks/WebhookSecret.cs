using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Likeness.Http.Webhooks;

/// <summary>How a receiver knows that a message comes from here and when.</summary>
public static class WebhookSecret
{
    /// <summary>The header with the signature.</summary>
    public const string Header = "X-Likeness-Signature";

    private const string Prefix = "lkw_";
    private const int RandomBytes = 32;

    /// <summary>A new secret: <c>lkw_</c> and 256 random bits in base64url. The key of the HMAC is this text.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[] KeyOf(string secret) => Encoding.ASCII.GetBytes(secret);

    /// <summary><c>t=SECONDS,v1=HEX</c>: HMAC-SHA256 of the seconds since 1970, a dot and the body.</summary>
    public static string Sign(byte[] key, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.ASCII.GetBytes(seconds + "."));
        mac.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(mac.GetHashAndReset())}";
    }
}
