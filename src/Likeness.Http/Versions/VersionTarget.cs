using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Likeness.Imaging;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Versions;

/// <summary>What <c>/p/{sha1}/{size}.{ext}</c> names: one picture for good, at one size and of one type.</summary>
internal readonly partial record struct VersionTarget(PictureId Picture, int Size, ImageFormat Format)
{
    // No byte of UTF-8: no other target begins like this.
    private const byte Mark = 0xFF;
    private const int Longest = 60;

    /// <summary>What its prepared answer is found by; the query does not count.</summary>
    public static byte[] KeyOf(HttpRequest request)
    {
        var path = request.RouteValues["target"] as string ?? "";
        var text = path.Length > Longest ? "" : path;
        var key = new byte[1 + Encoding.UTF8.GetByteCount(text)];
        key[0] = Mark;
        Encoding.UTF8.GetBytes(text, key.AsSpan(1));
        return key;
    }

    /// <summary>Each picture has one spelling: lower-case hex, no leading zeros, one extension for each type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> key, out VersionTarget target)
    {
        target = default;
        if (Spelling().Match(Encoding.UTF8.GetString(key[1..])) is not { Success: true } match
            || !ImageFormats.TryParseExtension(match.Groups["type"].ValueSpan, out var format))
        {
            return false;
        }

        target = new VersionTarget(new PictureId(match.Groups["id"].Value), int.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture), format);
        return true;
    }

    [GeneratedRegex(@"\A(?<id>[0-9a-f]{40})/(?<size>[1-9][0-9]{0,3})\.(?<type>jpg|png|webp|gif|avif)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Spelling();
}
