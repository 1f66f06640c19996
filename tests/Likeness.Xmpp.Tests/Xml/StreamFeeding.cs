using System.Buffers;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Xml;

/// <summary>Feeds a reader the way a pipe does: in segments (some of them empty), with what was not consumed still in front.</summary>
internal static class StreamFeeding
{
    public const string Header =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.org' version='1.0' xml:lang='en'>";

    public static XmlStreamReader Reader(StreamLimits? limits = null) => new(limits ?? new StreamLimits { StanzaBytesBeforeAuthentication = 1 << 20 });

    /// <summary>All events of a text that arrives at once.</summary>
    public static List<StreamEvent> Events(string xml, StreamLimits? limits = null) => Events(Reader(limits), Encoding.UTF8.GetBytes(xml));

    /// <summary>All events of bytes that arrive in pieces of the given size.</summary>
    public static List<StreamEvent> Events(XmlStreamReader reader, byte[] bytes, int piece = int.MaxValue)
    {
        var events = new List<StreamEvent>();
        var start = 0;
        for (var end = 0; end < bytes.Length || end == 0;)
        {
            end = (int)Math.Min(bytes.Length, (long)end + piece);
            start += Drain(reader, Segments(bytes.AsMemory(start, end - start), piece), events);
            if (bytes.Length == 0)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>The one element of a stream with this content.</summary>
    public static Element Only(string content) =>
        Events(Header + content).Where(one => one.Kind == StreamEventKind.Element).ShouldHaveSingleItem().Element!;

    public static string ConditionOf(string xml, StreamLimits? limits = null) =>
        Should.Throw<StreamErrorException>(() => Events(xml, limits)).Condition;

    public static int Drain(XmlStreamReader reader, ReadOnlySequence<byte> buffer, List<StreamEvent> events)
    {
        var length = buffer.Length;
        while (true)
        {
            var streamEvent = reader.Read(buffer, out var consumed, out var examined);
            if (streamEvent.Kind == StreamEventKind.NeedMoreData)
            {
                buffer.Slice(examined).Length.ShouldBe(0);
                return (int)(length - buffer.Slice(consumed).Length);
            }

            events.Add(streamEvent);
            buffer = buffer.Slice(consumed);
        }
    }

    public static ReadOnlySequence<byte> Segments(ReadOnlyMemory<byte> bytes, int piece)
    {
        if (bytes.Length <= piece)
        {
            return new ReadOnlySequence<byte>(bytes);
        }

        var first = new Segment(default, 0);
        var last = first.Append(bytes[..piece]);
        for (var at = piece; at < bytes.Length; at += piece)
        {
            last = last.Append(default).Append(bytes.Slice(at, Math.Min(piece, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
