using System.Buffers;
using System.Globalization;
using System.Security;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the peer of a stream is to us.</summary>
internal enum StreamRole
{
    Client,

    /// <summary>Another server that connected to us.</summary>
    PeerIn,

    /// <summary>Another server that we connected to.</summary>
    PeerOut,

    /// <summary>An external component (XEP-0114).</summary>
    Component,
}

/// <summary>How a stream begins, how first-level elements get in and out of it, and how it ends. Two ways: <see cref="XmlFrame"/> and <see cref="WebSocketFrame"/>.</summary>
internal abstract class StreamFrame(StreamRole role)
{
    public StreamRole Role { get; } = role;

    /// <summary>The default namespace of the stream's stanzas.</summary>
    public string ContentNamespace { get; } = role switch
    {
        StreamRole.Client => Ns.Client,
        StreamRole.Component => "jabber:component:accept",
        _ => Ns.Server,
    };

    /// <summary>Each element that was written has to be given to <see cref="Delimit"/>.</summary>
    public virtual bool IsDelimited => false;

    /// <summary>Closed below the stream as well, once the peer has taken leave of it.</summary>
    public virtual bool IsClosedBelow => true;

    /// <inheritdoc cref="XmlStreamReader.Read"/>
    /// <exception cref="IOException">The peer has left without taking leave.</exception>
    public abstract StreamEvent Read(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out SequencePosition examined);

    /// <summary>A new stream begins, after TLS or SASL.</summary>
    public abstract void Restart();

    /// <summary>The peer has logged in: it may send large stanzas.</summary>
    public abstract void Trust();

    /// <summary>White space has come between elements since this was last asked.</summary>
    public virtual bool HadSpace() => false;

    /// <summary>Our opening (RFC 6120 §4.7, RFC 7395 §3.4).</summary>
    /// <param name="domain">Whose stream it is, on our side.</param>
    /// <param name="id">Empty in a stream that we begin.</param>
    /// <param name="initiator">The peer: the initiator's bare address when it gave one, the domain that we connected to.</param>
    /// <param name="version">Whether to claim version 1.0; a peer of the old protocol is answered without.</param>
    public abstract void WriteOpening(IBufferWriter<byte> output, string domain, string id, string? initiator, bool version);

    /// <summary>Our last word.</summary>
    /// <param name="isOpen">The opening was written.</param>
    public abstract void WriteClosing(IBufferWriter<byte> output, bool isOpen);

    /// <summary>What a peer sends that says nothing any more once it has sent this.</summary>
    public abstract bool EndsWithClosing(ReadOnlySequence<byte> buffer);

    /// <summary>Makes of an element's bytes what the peer can tell from the element before. Returns how many bytes they are then.</summary>
    /// <param name="room">The element, and <see cref="WebSocketFrame.MaxAdded"/> bytes more.</param>
    public virtual int Delimit(Span<byte> room, int length) => length;

    /// <summary>Where it can write on its own account, without the one who writes elements.</summary>
    public virtual void Join(StreamOutput output)
    {
    }

    /// <summary>Call every few seconds while the peer is listened to. False: it is not there any more.</summary>
    /// <param name="heard">When it was heard last.</param>
    public virtual bool Probe(TimeProvider time, long heard) => true;

    // Written without a namespace of its own, a stanza has whichever the stream has.
    public void Write(IBufferWriter<byte> output, Element element) =>
        ElementWriter.Write(output, element, element.Namespace == Ns.Client ? Ns.Client : ContentNamespace);

    /// <summary>The error this header deserves, or null (RFC 6120 §4.7, §4.9.3).</summary>
    /// <param name="domain">The served domain that the header asks for, or the default one.</param>
    public StreamErrorException? ErrorIn(Element header, string? contentNamespace, DomainPolicies domains, out string domain)
    {
        domain = (domains.OfChats is [var first, ..] ? first : domains.Default).Domain;
        if (contentNamespace != ContentNamespace)
        {
            return new StreamErrorException("invalid-namespace", $"This port speaks {ContentNamespace}.");
        }

        if (header["to"] is { } asked)
        {
            if (!Jid.TryParse(asked, out var to))
            {
                return new StreamErrorException("improper-addressing", "The address in 'to' is not valid.");
            }

            if (!domains.ServesChats(to.Domain))
            {
                return new StreamErrorException("host-unknown");
            }

            domain = to.Domain;
        }
        else if (domains.OfChats.Count > 1)
        {
            return new StreamErrorException("host-unknown");
        }

        return MajorVersion(header) >= 1 ? null : new StreamErrorException("unsupported-version");
    }

    /// <summary>0 when absent or unreadable: the protocol before version 1.0 (RFC 6120 §4.7.5).</summary>
    public static int MajorVersion(Element header) =>
        int.TryParse(header["version"]?.Split('.')[0], NumberStyles.None, null, out var major) ? major : 0;

    public static ReadOnlySequence<byte> WithoutLeadingSpace(ReadOnlySequence<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var length = buffer.FirstSpan.IndexOfAnyExcept(" \t\r\n"u8);
            if (length >= 0)
            {
                return buffer.Slice(length);
            }

            buffer = buffer.Slice(buffer.FirstSpan.Length);
        }

        return buffer;
    }
}

/// <summary>XML over TCP (RFC 6120 §4).</summary>
internal sealed class XmlFrame(StreamRole role, StreamLimits limits) : StreamFrame(role)
{
    private readonly XmlStreamReader _reader = new(limits);
    private bool _skipsSpace;

    public override StreamEvent Read(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out SequencePosition examined)
    {
        if (_skipsSpace)
        {
            buffer = WithoutLeadingSpace(buffer);
            if (buffer.IsEmpty)
            {
                consumed = examined = buffer.End;
                return default;
            }

            _skipsSpace = false;
        }

        return _reader.Read(buffer, out consumed, out examined);
    }

    // Clients send line breaks behind the element before: they are dropped, for an XML declaration may follow.
    public override void Restart()
    {
        _reader.Reset();
        _skipsSpace = true;
    }

    public override void Trust() => _reader.MaxStanzaBytes = limits.StanzaBytes;

    public override bool HadSpace()
    {
        var had = _reader.SawWhitespace;
        _reader.SawWhitespace = false;
        return had;
    }

    public override void WriteOpening(IBufferWriter<byte> output, string domain, string id, string? initiator, bool version)
    {
        output.Write("<?xml version='1.0'?><stream:stream xmlns='"u8);
        Encoding.UTF8.GetBytes(ContentNamespace, output);
        output.Write("' xmlns:stream='http://etherx.jabber.org/streams'"u8);
        if (Role is StreamRole.PeerIn or StreamRole.PeerOut)
        {
            output.Write(" xmlns:db='jabber:server:dialback'"u8);
        }

        WriteAttribute(output, " id='"u8, id);
        WriteAttribute(output, " from='"u8, domain);
        WriteAttribute(output, " to='"u8, initiator);
        output.Write(version ? " version='1.0' xml:lang='en'>"u8 : " xml:lang='en'>"u8);
    }

    private static void WriteAttribute(IBufferWriter<byte> output, ReadOnlySpan<byte> name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            output.Write(name);
            Encoding.UTF8.GetBytes(SecurityElement.Escape(value), output);
            output.Write("'"u8);
        }
    }

    public override void WriteClosing(IBufferWriter<byte> output, bool isOpen)
    {
        if (isOpen)
        {
            output.Write("</stream:stream>"u8);
        }
    }

    public override bool EndsWithClosing(ReadOnlySequence<byte> buffer)
    {
        const int tail = 64;
        Span<byte> end = stackalloc byte[tail];
        var part = buffer.Slice(Math.Max(0, buffer.Length - tail));
        part.CopyTo(end);
        return end[..(int)part.Length].TrimEnd(" \t\r\n"u8).EndsWith("</stream:stream>"u8);
    }
}
