using System.Security.Cryptography;

namespace Likeness.Xmpp;

/// <summary>Unpredictable identifiers for stanzas, streams and resources (C-21, C-60, C-226).</summary>
public static class StanzaId
{
    /// <summary>128 random bits as 22 characters of URL-safe base64.</summary>
    public static string New()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return System.Buffers.Text.Base64Url.EncodeToString(random);
    }
}
