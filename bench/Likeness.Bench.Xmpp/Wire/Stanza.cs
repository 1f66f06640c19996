using System.Buffers.Text;
using System.Text;

namespace Likeness.Bench.Xmpp.Wire;

/// <summary>Looks into a stanza's bytes without building anything.</summary>
static class Stanza
{
    public static bool IsMessage(ReadOnlySpan<byte> stanza) => stanza.StartsWith("<message"u8);

    public static bool IsPresence(ReadOnlySpan<byte> stanza) => stanza.StartsWith("<presence"u8);

    public static bool IsIq(ReadOnlySpan<byte> stanza) => stanza.StartsWith("<iq"u8);

    public static bool IsError(ReadOnlySpan<byte> stanza) => Attribute(stanza, " type="u8).SequenceEqual("error"u8);

    public static bool Has(ReadOnlySpan<byte> stanza, ReadOnlySpan<byte> text) => stanza.IndexOf(text) >= 0;

    /// <summary>The still escaped value of the first tag's attribute; <paramref name="name"/> comes as <c> from=</c>.</summary>
    public static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> stanza, ReadOnlySpan<byte> name)
    {
        var head = stanza[..stanza.IndexOf((byte)'>')];
        return After(head, name);
    }

    /// <summary>The quoted value that follows the first occurrence of <paramref name="name"/>, empty when there is none.</summary>
    public static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        if (at < 0)
            return default;
        var rest = text[(at + name.Length)..];
        var end = rest[1..].IndexOf(rest[0]);
        return end < 0 ? default : rest.Slice(1, end);
    }

    /// <summary>The number of the user who sent the stanza, −1 when it came from somebody else (the server).</summary>
    public static int Sender(ReadOnlySpan<byte> stanza)
    {
        var from = Attribute(stanza, " from="u8);
        return from.Length > 1 && from[0] == 'u' && Utf8Parser.TryParse(from[1..], out int number, out _) ? number : -1;
    }

    public static string Text(ReadOnlySpan<byte> stanza, int longest = 600) => Encoding.UTF8.GetString(stanza[..Math.Min(stanza.Length, longest)]);
}
