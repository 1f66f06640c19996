using System.Buffers;
using System.Buffers.Binary;
using System.Security;
using System.Text;
using System.Text.Unicode;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// Streams over WebSocket (RFC 7395): one element is one text message, and <c>open</c> and <c>close</c> stand for the stream's tags. The messages
/// are read from and written to the connection's own bytes (RFC 6455 §5), so that input and output are the same as on TCP: nothing is kept between two messages.
/// </summary>
internal sealed class WebSocketFrame(StreamRole role, StreamLimits limits) : StreamFrame(role)
{
    /// <summary>Bytes that a message is longer than its element, at most.</summary>
    public const int MaxAdded = 64;

    private const int Masked = 0x80;

    // What is between 25 and 30 s with the sweep's 5: a proxy in front gives up on a connection after 60 s without a word.
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(25);
    private static readonly string[] ForeignNamespaces = ["", Ns.Server, "jabber:component:accept"];

    private readonly WebSocketReader _reader = new(limits.StanzaBytesBeforeAuthentication);
    private bool _isClosing;
    private StreamOutput? _output;
    private long _pinged;
    private int _unanswered;

    public override bool IsDelimited => true;

    public override bool IsClosedBelow => _reader.IsClosed;

    private static ReadOnlySpan<byte> StreamPrefix => " xmlns:stream='http://etherx.jabber.org/streams'"u8;

    private static ReadOnlySpan<byte> StanzaNamespace => " xmlns='jabber:client'"u8;

    private static ReadOnlySpan<byte> Closing => "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"u8;

    public override StreamEvent Read(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out SequencePosition examined)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (_reader.Read(ref reader))
        {
            consumed = examined = reader.Position;
            return ReadMessage();
        }

        if (_reader.IsClosed)
        {
            throw new IOException("The WebSocket was closed before the stream.");
        }

        consumed = reader.Position;
        examined = buffer.End;
        return default;
    }

    public override void Restart()
    {
        // The next message is an open: nothing is left of the stream before.
    }

    public override void Trust() => _reader.MaxBytes = limits.StanzaBytes;

    public override void Join(StreamOutput output) => _output = _reader.Output = output;

    public override bool Probe(TimeProvider time, long heard)
    {
        if (_pinged != 0 && heard >= _pinged)
        {
            _unanswered = 0;
        }

        if (_pinged != 0 && time.GetElapsedTime(_pinged) < PingPeriod)
        {
            return true;
        }

        if (_unanswered == 2)
        {
            return false;
        }

        _unanswered++;
        _pinged = time.GetTimestamp();
        _output?.Interject([WebSocketKind.Last | WebSocketKind.Ping, 0]);
        return true;
    }

    public override void WriteOpening(IBufferWriter<byte> output, string domain, string id, string? initiator, bool version)
    {
        var to = initiator is null ? "" : $" to='{SecurityElement.Escape(initiator)}'";
        var claim = version ? " version='1.0'" : "";
        Encoding.UTF8.GetBytes($"<open xmlns='{Ns.Framing}' id='{id}' from='{SecurityElement.Escape(domain)}'{to}{claim} xml:lang='en'/>", output);
    }

    public override void WriteClosing(IBufferWriter<byte> output, bool isOpen)
    {
        _isClosing = true;
        if (!_reader.IsClosed)
        {
            output.Write<byte>([WebSocketKind.Last | WebSocketKind.Text, (byte)Closing.Length]);
            output.Write(Closing);
        }

        Span<byte> status = stackalloc byte[WebSocketKind.MaxControl];
        BinaryPrimitives.WriteUInt16BigEndian(status, _reader.Status);
        var length = sizeof(ushort) + Encoding.UTF8.GetBytes(_reader.Reason, status[sizeof(ushort)..]);
        output.Write<byte>([WebSocketKind.Last | WebSocketKind.Close, (byte)length]);
        output.Write(status[..length]);
    }

    // A masked close, of whatever length.
    public override bool EndsWithClosing(ReadOnlySequence<byte> buffer)
    {
        const int head = 6;
        Span<byte> end = stackalloc byte[head + WebSocketKind.MaxControl];
        end = end[..(int)Math.Min(end.Length, buffer.Length)];
        buffer.Slice(buffer.Length - end.Length).CopyTo(end);
        for (var length = 0; length <= end.Length - head; length++)
        {
            if (end[^(head + length)] == (WebSocketKind.Last | WebSocketKind.Close) && end[^(head + length - 1)] == (Masked | length))
            {
                return true;
            }
        }

        return false;
    }

    // Elements are written as inside a stream: in a message of its own each declares what the stream had declared (RFC 7395 §3.3.3).
    public override int Delimit(Span<byte> room, int length)
    {
        if (_isClosing)
        {
            return length;
        }

        var element = room[..length];
        var name = element.IndexOfAny(" />"u8);
        var declared = element.StartsWith("<stream:"u8) ? StreamPrefix : element[name..].StartsWith(" xmlns='"u8) ? [] : StanzaNamespace;
        var whole = length + declared.Length;
        var head = whole < WebSocketKind.Length16 ? 2 : whole <= ushort.MaxValue ? 4 : 10;
        element[name..].CopyTo(room[(head + name + declared.Length)..]);
        element[..name].CopyTo(room[head..]);
        declared.CopyTo(room[(head + name)..]);
        room[0] = WebSocketKind.Last | WebSocketKind.Text;
        room[1] = head switch { 2 => (byte)whole, 4 => WebSocketKind.Length16, _ => WebSocketKind.Length64 };
        if (head == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(room[2..], (ushort)whole);
        }
        else if (head == 10)
        {
            BinaryPrimitives.WriteInt64BigEndian(room[2..], whole);
        }

        return head + whole;
    }

    private StreamEvent ReadMessage()
    {
        try
        {
            return Parse(_reader.Message);
        }
        finally
        {
            _reader.Forget();
        }
    }

    private StreamEvent Parse(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw _reader.Refused(1007, "unsupported-encoding", "Only UTF-8 is understood.");
        }

        if (text.StartsWith("<stream:stream"u8) || text.StartsWith("<?xml"u8))
        {
            throw _reader.Refused(1002, "bad-format", "Streams over WebSocket begin with <open/> (RFC 7395).");
        }

        if (text is [] or [not (byte)'<', ..])
        {
            throw new StreamErrorException("bad-format", "A message is one element.");
        }

        var element = XmlStreamReader.ParseElement(text, "", limits);
        return element.Namespace == Ns.Framing
            ? element.Name switch
            {
                "open" => new StreamEvent(StreamEventKind.StreamOpened, element, ContentNamespace),
                "close" => new StreamEvent(StreamEventKind.StreamClosed, element, null),
                _ => throw new StreamErrorException("unsupported-stanza-type"),
            }
            : ForeignNamespaces.Contains(element.Namespace)
                ? throw new StreamErrorException("invalid-namespace", $"Each message declares its namespace, stanzas {ContentNamespace}.")
                : new StreamEvent(StreamEventKind.Element, element, null);
    }
}
