using System.Buffers;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>A stanza serialised once for many recipients; only the address is spliced in for each.</summary>
internal sealed class PreparedStanza
{
    private const int Kept = 32 * 1024;
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;
    private readonly byte[] _bytes;
    private readonly int _nameEnd;
    private readonly PreparedStanza? _original;
    private int _recipients = 1;
    private string? _subject;

    /// <param name="stanza">Without <c>to</c>; it is not needed any more afterwards.</param>
    public PreparedStanza(Element stanza)
    {
        var buffer = _spare ?? new ArrayBufferWriter<byte>(1024);
        _spare = null;
        ElementWriter.Write(buffer, stanza, Ns.Client);
        _bytes = buffer.WrittenSpan.ToArray();
        buffer.ResetWrittenCount();
        _spare = buffer.Capacity <= Kept ? buffer : null;
        _nameEnd = 1 + stanza.Name.Length;
        IsStanza = stanza.Namespace == Ns.Client;
        IsPresence = IsStanza && stanza.Name == "presence";
        From = stanza["from"];
    }

    private PreparedStanza(byte[] bytes, int nameEnd)
    {
        _bytes = bytes;
        _nameEnd = nameEnd;
        IsStanza = true;
    }

    /// <summary>A message, a presence or an iq; all else is about the stream it is written to.</summary>
    public bool IsStanza { get; }

    public bool IsPresence { get; }

    /// <summary>A message whose loss its addressee would not notice: kept for a while by a session that nothing is acknowledged of.</summary>
    public bool IsMissed { get; init; }

    /// <summary>The sender's address, where one is written.</summary>
    public string? From { get; }

    public bool IsMessage => IsStanza && _nameEnd == "<message".Length;

    /// <summary>What whoever holds stanzas back found out about this one; null: nothing yet.</summary>
    public Urgency? Urgency { get; set; }

    /// <summary>Says by itself when it was sent (XEP-0203).</summary>
    public bool IsStamped => _bytes.AsSpan().IndexOf("urn:xmpp:delay"u8) >= 0;

    /// <summary>What it tells the newest of: whose presence, which item of a node; empty: it tells something by itself.</summary>
    public string Subject => _subject ??= IsStanza && _nameEnd != "<iq".Length ? SubjectOf(ToElement([])) : "";

    /// <summary>How many get it, when it is enough that one of them takes it; set before it is sent.</summary>
    public int Recipients
    {
        init => _recipients = value;
    }

    /// <summary>What this is another form of: it is enough that somebody takes either.</summary>
    public PreparedStanza CopyOf
    {
        init
        {
            _original = value;
            Interlocked.Increment(ref value._recipients);
        }
    }

    /// <summary>One of its recipients did not take it; true: it was the last one, so nobody has it.</summary>
    public bool Miss() => Interlocked.Decrement(ref (_original ?? this)._recipients) <= 0;

    /// <summary>A message that is serialised already, with its address, and was asked for.</summary>
    public static PreparedStanza Message(byte[] bytes) => new(bytes, "<message".Length) { Urgency = Sessions.Urgency.Now };

    /// <summary>The result of an iq around a payload that is serialised already (RFC 6120 §8.2.3).</summary>
    /// <param name="addressee">Attribute text, UTF-8, escaped.</param>
    public static PreparedStanza Result(Element iq, ReadOnlySpan<byte> addressee, ReadOnlySpan<byte> payload)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        WriteResult(buffer, iq, addressee, payload);
        return new PreparedStanza(buffer.WrittenSpan.ToArray(), "<iq".Length);
    }

    /// <inheritdoc cref="Result"/>
    public static void WriteResult(IBufferWriter<byte> output, Element iq, ReadOnlySpan<byte> addressee, ReadOnlySpan<byte> payload)
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

    /// <summary>Bytes that <see cref="WriteTo"/> writes.</summary>
    public int LengthFor(ReadOnlySpan<byte> addressee) => _bytes.Length + (addressee.IsEmpty ? 0 : " to=''".Length + addressee.Length);

    /// <param name="addressee">Attribute text, UTF-8, escaped; empty writes no <c>to</c>.</param>
    /// <param name="last">A child to write behind the others.</param>
    public void WriteTo(IBufferWriter<byte> output, ReadOnlySpan<byte> addressee, ReadOnlySpan<byte> last = default)
    {
        var target = output.GetSpan(LengthFor(addressee) + last.Length);
        var written = Copy(target, 0, _bytes.AsSpan(0, _nameEnd));
        if (!addressee.IsEmpty)
        {
            written = Copy(target, written, " to='"u8);
            written = Copy(target, written, addressee);
            written = Copy(target, written, "'"u8);
        }

        // An element without children has no place for one.
        var end = last.IsEmpty || _bytes[^2] == '/' ? _bytes.Length : _bytes.Length - _nameEnd - "/>".Length;
        written = Copy(target, written, _bytes.AsSpan(_nameEnd, end - _nameEnd));
        if (end < _bytes.Length)
        {
            written = Copy(target, written, last);
            written = Copy(target, written, _bytes.AsSpan(end));
        }

        output.Advance(written);
    }

    /// <summary>What <see cref="WriteTo"/> writes, read back.</summary>
    public Element ToElement(ReadOnlySpan<byte> addressee)
    {
        var buffer = new ArrayBufferWriter<byte>(LengthFor(addressee));
        WriteTo(buffer, addressee);
        return XmlStreamReader.ParseElement(buffer.WrittenSpan, Ns.Client);
    }

    /// <summary>What goes back when nobody took it: of a copy the original.</summary>
    public Element ToReturned(ReadOnlySpan<byte> addressee) => _original is null ? ToElement(addressee) : _original.ToElement([]);

    private static string SubjectOf(Element stanza) => stanza["type"] switch
    {
        null or "unavailable" when stanza.Name == "presence" => $"presence {stanza["from"]}",
        "headline" when stanza.Child("event", Ns.PubSubEvent)?.Child("items") is { } items && items.Count() == 1 => $"event {stanza["from"]} {items["node"]} {items.First()["id"]}",
        _ => "",
    };

    private static int Copy(Span<byte> target, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(target[at..]);
        return at + part.Length;
    }
}

/// <summary>How soon a client that nobody looks at has to have something.</summary>
internal enum Urgency : byte
{
    Now,

    /// <summary>Within half a minute.</summary>
    Soon,

    /// <summary>When there is something else to send, or somebody looks.</summary>
    Later,
}

/// <summary>What a feature adds to a presence on its way out. The same object for as long as it says the same: that is how a prepared presence is known to be current.</summary>
internal interface IPresenceStamp
{
    /// <summary>The presence to send, a copy when changed.</summary>
    Element Apply(Element presence);
}

/// <summary>A presence as one audience gets it, and what it was made of.</summary>
internal sealed record PreparedPresence(Element Presence, IPresenceStamp[] Stamps, PreparedStanza Stanza);
