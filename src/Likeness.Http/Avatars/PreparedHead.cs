using System.Buffers;
using System.Text;

namespace Likeness.Http;

/// <summary>Status line and headers as bytes, with a gap into which the date is written.</summary>
internal sealed class PreparedHead
{
    private readonly byte[] _bytes;
    private readonly int _dateOffset;

    public PreparedHead(string statusLine, IEnumerable<KeyValuePair<string, string>> headers)
    {
        var head = new StringBuilder(512).Append(statusLine).Append("\r\nDate: ");
        _dateOffset = head.Length;
        head.Append(' ', HttpClock.DateLength).Append("\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        _bytes = Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    public int Length => _bytes.Length;

    public void WriteTo(IBufferWriter<byte> output, ReadOnlySpan<byte> date)
    {
        var span = output.GetSpan(_bytes.Length);
        _bytes.CopyTo(span);
        date.CopyTo(span[_dateOffset..]);
        output.Advance(_bytes.Length);
    }
}
