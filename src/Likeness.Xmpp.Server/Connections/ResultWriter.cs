using System.Buffers;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Writes an iq result around bytes that were serialised before (RFC 6120 §8.2.3).</summary>
internal static class ResultWriter
{
    public static void Write(IBufferWriter<byte> output, Element iq, ReadOnlySpan<byte> addressee, ReadOnlySpan<byte> payload)
    {
        output.Write("<iq type='result' id='"u8);
        ElementWriter.WriteAttributeValue(output, iq["id"]!);
        if (iq["to"] is { } from)
        {
            output.Write("' from='"u8);
            ElementWriter.WriteAttributeValue(output, from);
        }

        output.Write("' to='"u8);
        output.Write(addressee);
        output.Write("'>"u8);
        output.Write(payload);
        output.Write("</iq>"u8);
    }
}
