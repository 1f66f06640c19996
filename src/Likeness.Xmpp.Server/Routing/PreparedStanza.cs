using System.Buffers;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>A stanza serialised once for many recipients; only the address is spliced in for each.</summary>
public sealed class PreparedStanza
{
    private readonly byte[] _bytes;
    private readonly int _nameEnd;

    /// <param name="stanza">Without <c>to</c>; it is not needed any more afterwards.</param>
    public PreparedStanza(Element stanza)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        ElementWriter.Write(buffer, stanza, Ns.Client);
        _bytes = buffer.WrittenSpan.ToArray();
        _nameEnd = 1 + stanza.Name.Length;
    }

    /// <param name="addressee">Attribute text, UTF-8, escaped; empty writes no <c>to</c>.</param>
    public void WriteTo(IBufferWriter<byte> output, ReadOnlySpan<byte> addressee)
    {
        var length = _bytes.Length + (addressee.IsEmpty ? 0 : " to=''".Length + addressee.Length);
        var target = output.GetSpan(length);
        var written = Copy(target, 0, _bytes.AsSpan(0, _nameEnd));
        if (!addressee.IsEmpty)
        {
            written = Copy(target, written, " to='"u8);
            written = Copy(target, written, addressee);
            written = Copy(target, written, "'"u8);
        }

        output.Advance(Copy(target, written, _bytes.AsSpan(_nameEnd)));
    }

    private static int Copy(Span<byte> target, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(target[at..]);
        return at + part.Length;
    }
}
