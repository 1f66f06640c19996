using System.Security.Cryptography;

namespace Likeness.Xmpp;

/// <summary>Ids of stanzas, unpredictable so that nobody can answer unasked.</summary>
public static class StanzaId
{
    /// <summary>A fresh id: 96 random bits in 16 characters.</summary>
    public static string New()
    {
        Span<byte> random = stackalloc byte[12];
        RandomNumberGenerator.Fill(random);
        return System.Buffers.Text.Base64Url.EncodeToString(random);
    }
}
