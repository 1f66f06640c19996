namespace Likeness.Libravatar.Exchange;

/// <summary>A stream whose first two bytes were looked at.</summary>
internal sealed class PeekedStream : Stream
{
    private readonly Stream _inner;
    private readonly byte[] _first = new byte[2];
    private readonly int _peeked;
    private int _given;

    public PeekedStream(Stream inner)
    {
        _inner = inner;
        _peeked = inner.ReadAtLeast(_first, _first.Length, throwOnEndOfStream: false);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public bool StartsWith(byte one, byte two) => _peeked == 2 && _first[0] == one && _first[1] == two;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_given == _peeked)
        {
            return _inner.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _peeked - _given);
        _first.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
