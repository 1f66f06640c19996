using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Kinds of frames (RFC 6455 §5.2).</summary>
internal static class WebSocketKind
{
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    /// <summary>Beside the kind: no more of the message follows.</summary>
    public const int Last = 0x80;

    /// <summary>Bytes that a control frame carries, at most.</summary>
    public const int MaxControl = 125;

    /// <summary>Instead of a length: it follows in 2 bytes.</summary>
    public const int Length16 = 126;

    /// <summary>Instead of a length: it follows in 8 bytes.</summary>
    public const int Length64 = 127;
}

/// <summary>The text messages of a WebSocket out of its bytes (RFC 6455 §5), whole ones from however many fragments. Keeps a buffer only while a message is unfinished.</summary>
internal sealed class WebSocketReader(int maxBytes)
{
    private const int MaxHeader = 14;
    private const int MinFirstRoom = 1024;
    private const int Masked = 0x80;

    private byte[] _message = [];
    private int _length;
    private long _left;
    private uint _mask;
    private bool _isInFrame;
    private bool _isInMessage;
    private bool _isLast;

    /// <summary>Bytes of a message, at most.</summary>
    public int MaxBytes { get; set; } = maxBytes;

    /// <summary>The peer has closed the WebSocket.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The status to close with (RFC 6455 §7.4).</summary>
    public ushort Status { get; private set; } = 1000;

    /// <summary>Why; empty: no reason is given.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Where pings are answered; set before the first byte is read.</summary>
    public StreamOutput? Output { get; set; }

    /// <summary>The message that <see cref="Read"/> has found.</summary>
    public ReadOnlySpan<byte> Message => _message.AsSpan(0, _length);

    /// <summary>True: a <see cref="Message"/> is whole; <see cref="Forget"/> it before the next is read.</summary>
    public bool Read(ref SequenceReader<byte> reader)
    {
        while (_isInFrame || ReadHeader(ref reader))
        {
            if (ReadPayload(ref reader))
            {
                return true;
            }

            if (_isInFrame)
            {
                break;
            }
        }

        return false;
    }

    /// <summary>Ends it by this status and reason, and with this stream error.</summary>
    /// <param name="reason">At most 123 bytes.</param>
    public StreamErrorException Refused(ushort status, string condition, string reason)
    {
        (Status, Reason) = (status, reason);
        Forget();
        return new StreamErrorException(condition, reason);
    }

    public void Forget()
    {
        if (_message.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_message);
            _message = [];
        }

        _length = 0;
    }

    // True: a fragment of a message follows. Control frames that stand before it are dealt with.
    private bool ReadHeader(ref SequenceReader<byte> reader)
    {
        Span<byte> head = stackalloc byte[MaxHeader];
        while (reader.Remaining >= 2)
        {
            var there = (int)Math.Min(MaxHeader, reader.Remaining);
            reader.TryCopyTo(head[..there]);
            var kind = head[0] & 0x0F;
            var isControl = kind >= WebSocketKind.Close;
            var length = head[1] & ~Masked & 0xFF;
            CheckHead(head[0], head[1], kind, isControl, length);
            var size = MaxHeader - length switch { WebSocketKind.Length64 => 0, WebSocketKind.Length16 => 6, _ => 8 };
            if (there < size)
            {
                return false;
            }

            var bytes = length switch
            {
                WebSocketKind.Length64 => BinaryPrimitives.ReadInt64BigEndian(head[2..]),
                WebSocketKind.Length16 => BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
                _ => length,
            };
            _mask = MemoryMarshal.Read<uint>(head[(size - sizeof(uint))..]);
            if (!isControl)
            {
                Begin(kind, bytes, (head[0] & WebSocketKind.Last) != 0);
                reader.Advance(size);
                return true;
            }

            if (reader.Remaining < size + length)
            {
                return false;
            }

            reader.Advance(size);
            TakeControl(kind, ref reader, length);
            if (IsClosed)
            {
                return false;
            }
        }

        return false;
    }

    private void CheckHead(byte first, byte second, int kind, bool isControl, int length)
    {
        if ((second & Masked) == 0)
        {
            throw Refused(1002, "bad-format", "A client masks what it sends.");
        }

        if ((first & 0x70) != 0 || kind is (> WebSocketKind.Binary and < WebSocketKind.Close) or > WebSocketKind.Pong)
        {
            throw Refused(1002, "bad-format", "A frame of a kind that was not agreed on.");
        }

        if (isControl && (length > WebSocketKind.MaxControl || (first & WebSocketKind.Last) == 0))
        {
            throw Refused(1002, "bad-format", "A control frame is short and whole.");
        }

        if (kind == WebSocketKind.Binary)
        {
            throw Refused(1003, "bad-format", "XMPP is text.");
        }

        if (!isControl && _isInMessage != (kind == 0))
        {
            throw Refused(1002, "bad-format", "A message begins before the last one has ended, or goes on without a beginning.");
        }
    }

    private void Begin(int kind, long bytes, bool isLast)
    {
        if (bytes < 0 || bytes > MaxBytes - _length)
        {
            throw Refused(1009, "policy-violation", $"Bytes of a message: at most {MaxBytes}.");
        }

        _left = bytes;
        _isInFrame = _isInMessage = true;
        _isLast = isLast;
    }

    private void TakeControl(int kind, ref SequenceReader<byte> reader, int length)
    {
        Span<byte> frame = stackalloc byte[2 + WebSocketKind.MaxControl];
        var payload = frame.Slice(2, length);
        reader.TryCopyTo(payload);
        reader.Advance(length);
        Unmask(payload);
        if (kind == WebSocketKind.Ping)
        {
            frame[0] = WebSocketKind.Last | WebSocketKind.Pong;
            frame[1] = (byte)length;
            Output?.Interject(frame[..(2 + length)]);
        }
        else if (kind == WebSocketKind.Close)
        {
            IsClosed = true;
        }
    }

    // True: the message is whole.
    private bool ReadPayload(ref SequenceReader<byte> reader)
    {
        var count = (int)Math.Min(_left, reader.Remaining);
        Reserve(count);
        var piece = _message.AsSpan(_length, count);
        reader.TryCopyTo(piece);
        reader.Advance(count);
        Unmask(piece);
        _length += count;
        _left -= count;
        _isInFrame = _left > 0;
        _isInMessage = _isInFrame || !_isLast;
        return !_isInMessage;
    }

    // RFC 6455 §5.3; afterwards the mask is as the next byte needs it.
    private void Unmask(Span<byte> bytes)
    {
        var wide = ((ulong)_mask << 32) | _mask;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ref var word in words)
        {
            word ^= wide;
        }

        foreach (ref var last in bytes[(words.Length * sizeof(ulong))..])
        {
            last ^= (byte)_mask;
            _mask = BitOperations.RotateRight(_mask, 8);
        }
    }

    private void Reserve(int count)
    {
        var needed = _length + count;
        if (needed > _message.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(MinFirstRoom, Math.Min(_message.Length * 2, MaxBytes))));
            _message.AsSpan(0, _length).CopyTo(larger);
            var length = _length;
            Forget();
            (_message, _length) = (larger, length);
        }
    }
}
