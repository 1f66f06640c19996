using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Likeness.Xmpp.Sasl;

/// <summary>The grammar of SCRAM's messages (RFC 5802 §7).</summary>
internal static class ScramMessages
{
    /// <summary>The client's first message; null when it is malformed or asks for an extension that must be understood (<c>m=</c>).</summary>
    public static ScramClientFirst? ParseClientFirst(ReadOnlySpan<byte> message)
    {
        if (!TryText(message, out var text))
        {
            return null;
        }

        var parts = text.Split(',');
        if (parts.Length < 4 || parts[0] is not ("n" or "y") && !parts[0].StartsWith("p=", StringComparison.Ordinal))
        {
            return null;
        }

        string? authorization = null;
        if (parts[1].Length > 0 && (!TryValue(parts[1], 'a', out var name) || !TryUnescape(name, out authorization)))
        {
            return null;
        }

        if (!TryValue(parts[2], 'n', out var escaped) || !TryUnescape(escaped, out var user) || !TryValue(parts[3], 'r', out var nonce) || !IsNonce(nonce))
        {
            return null;
        }

        var header = $"{parts[0]},{parts[1]},";
        return new ScramClientFirst(header, parts[0], authorization, user, nonce, text[header.Length..]);
    }

    /// <summary>The client's last message: <c>c=</c>, <c>r=</c>, perhaps extensions, <c>p=</c>.</summary>
    public static ScramClientFinal? ParseClientFinal(ReadOnlySpan<byte> message)
    {
        if (!TryText(message, out var text))
        {
            return null;
        }

        var parts = text.Split(',');
        var valid = parts.Length >= 3 && TryValue(parts[0], 'c', out var binding) & TryValue(parts[1], 'r', out var nonce) & TryValue(parts[^1], 'p', out var proof);
        return valid && StrictBase64.TryDecode(parts[0].AsSpan(2), out var bindingBytes) && StrictBase64.TryDecode(parts[^1].AsSpan(2), out var proofBytes)
            ? new ScramClientFinal(bindingBytes, parts[1][2..], proofBytes, text[..(text.LastIndexOf(",p=", StringComparison.Ordinal))])
            : null;
    }

    /// <summary>The server's first message.</summary>
    public static ScramServerFirst? ParseServerFirst(ReadOnlySpan<byte> message)
    {
        if (!TryText(message, out var text))
        {
            return null;
        }

        var parts = text.Split(',');
        return parts.Length >= 3 && TryValue(parts[0], 'r', out var nonce) && IsNonce(nonce)
            && TryValue(parts[1], 's', out var saltText) && StrictBase64.TryDecode(saltText, out var salt) && salt.Length > 0
            && TryValue(parts[2], 'i', out var iterations) && int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new ScramServerFirst(nonce, salt, count, text) { Offered = parts.FirstOrDefault(part => part.StartsWith("h=", StringComparison.Ordinal))?[2..] }
            : null;
    }

    public static string Escape(string name) => name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    private static bool TryUnescape(string name, [NotNullWhen(true)] out string? plain)
    {
        plain = name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        var escapes = (name.Length - plain.Length) / 2;
        return name.Length > 0 && name.Count(character => character == '=') == escapes;
    }

    public static bool TryValue(string part, char attribute, [NotNullWhen(true)] out string? value)
    {
        var fits = part.Length >= 2 && part[0] == attribute && part[1] == '=';
        value = fits ? part[2..] : null;
        return fits;
    }

    private static bool TryText(ReadOnlySpan<byte> message, [NotNullWhen(true)] out string? text)
    {
        text = System.Text.Unicode.Utf8.IsValid(message) && !message.Contains((byte)0) ? Encoding.UTF8.GetString(message) : null;
        return text is not null;
    }

    // Printable ASCII without comma; at most what fits an ordinary message.
    private static bool IsNonce(string nonce) => nonce.Length is > 0 and <= 1024 && !nonce.AsSpan().ContainsAnyExceptInRange('!', '~');
}

internal sealed record ScramClientFirst(string Header, string Flag, string? Authorization, string User, string Nonce, string Bare);

internal sealed record ScramClientFinal(byte[] Binding, string Nonce, byte[] Proof, string WithoutProof);

internal sealed record ScramServerFirst(string Nonce, byte[] Salt, int Iterations, string Text)
{
    /// <summary>Hash of what the server offered (XEP-0474), base64.</summary>
    public string? Offered { get; init; }
}
