using System.Buffers;
using System.Text.Unicode;

namespace Likeness.Xmpp.Xml;

/// <summary>Fills the spans of a buffer writer, so that small pieces cost a copy and no call. <see cref="Flush"/> ends it.</summary>
internal ref struct Utf8Output(IBufferWriter<byte> output)
{
    private const int MinSpan = 256;
    private Span<byte> _span;
    private int _used;

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_span[_used..]);
        _used += bytes.Length;
    }

    public void Byte(byte value)
    {
        Reserve(1);
        _span[_used++] = value;
    }

    /// <summary>Half surrogate pairs become U+FFFD.</summary>
    public void Text(scoped ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            Reserve(4);
            Utf8.FromUtf16(text, _span[_used..], out var read, out var written);
            _used += written;
            text = text[read..];
            if (!text.IsEmpty)
            {
                Renew(Math.Min(text.Length * 3, 16 * 1024));
            }
        }
    }

    public void Flush()
    {
        output.Advance(_used);
        _span = default;
        _used = 0;
    }

    private void Reserve(int bytes)
    {
        if (_span.Length - _used < bytes)
        {
            Renew(bytes);
        }
    }

    private void Renew(int bytes)
    {
        Flush();
        _span = output.GetSpan(Math.Max(bytes, MinSpan));
    }
}
