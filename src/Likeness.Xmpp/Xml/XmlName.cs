using System.Buffers;
using System.Text;
using System.Xml;

namespace Likeness.Xmpp.Xml;

/// <summary>Names of elements and attributes: <c>prefix:local</c> or <c>local</c>, each part a name without colon (Namespaces in XML 1.0 §4).</summary>
internal static class XmlName
{
    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t\r\n=/>'\"<&"u8);
    private static readonly SearchValues<byte> PlainName =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."u8);

    /// <summary>Length of the name at the start of the span.</summary>
    public static int Length(ReadOnlySpan<byte> at)
    {
        var length = at.IndexOfAny(Ends);
        return length < 0 ? at.Length : length;
    }

    public static (string Prefix, string Local) Read(ReadOnlySpan<byte> name, int maxBytes)
    {
        if (name.Length > maxBytes)
        {
            throw Malformed.TooMuch("Bytes of a name", maxBytes);
        }

        if (WellKnown.FindName(name) is { } known)
        {
            return ("", known);
        }

        var colon = name.IndexOf((byte)':');
        return colon < 0 ? ("", Part(name)) : (Part(name[..colon]), Part(name[(colon + 1)..]));
    }

    /// <summary>Whether an end tag's name is the one its start tag had.</summary>
    public static bool Matches(ReadOnlySpan<byte> name, string prefix, string local)
    {
        if (prefix.Length == 0)
        {
            return Same(name, local);
        }

        var colon = name.IndexOf((byte)':');
        return colon >= 0 && Same(name[..colon], prefix) && Same(name[(colon + 1)..], local);
    }

    /// <summary>Whether this is a name of ASCII characters only, without prefix.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> name) => !name.ContainsAnyExcept(PlainName) && name[0] is >= (byte)'A' or (byte)'_';

    private static bool Same(ReadOnlySpan<byte> bytes, string text) =>
        bytes.Length == text.Length ? Ascii.Equals(bytes, text) : bytes.Length > text.Length && Encoding.UTF8.GetString(bytes) == text;

    private static string Part(ReadOnlySpan<byte> part)
    {
        if (WellKnown.FindName(part) is { } known)
        {
            return known;
        }

        if (part.IsEmpty)
        {
            throw Malformed.Xml("A name is empty.");
        }

        return IsPlain(part) ? Encoding.ASCII.GetString(part) : Unusual(part);
    }

    private static string Unusual(ReadOnlySpan<byte> part)
    {
        var text = CharacterText.Decode(part, CharacterText.Place.Name);
        if (!XmlConvert.IsStartNCNameChar(text[0]))
        {
            throw Malformed.Xml("A name starts with a character that cannot start a name.");
        }

        foreach (var character in text)
        {
            if (!XmlConvert.IsNCNameChar(character))
            {
                throw Malformed.Xml("A name holds a character that names cannot hold.");
            }
        }

        return text;
    }
}
