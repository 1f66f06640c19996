using System.Buffers;
using System.Globalization;
using System.Security;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>What the peer of a stream is to us.</summary>
public enum StreamRole
{
    Client,

    /// <summary>Another server that connected to us.</summary>
    PeerIn,

    /// <summary>Another server that we connected to.</summary>
    PeerOut,

    /// <summary>An external component (XEP-0114).</summary>
    Component,
}

/// <summary>How a stream begins, how first-level elements get in and out of it, and how it ends: XML over TCP (RFC 6120 §4).</summary>
public sealed class StreamFrame(StreamRole role, StreamLimits limits)
{
    private readonly XmlStreamReader _reader = new(limits);
    private bool _skipsSpace;

    public StreamRole Role { get; } = role;

    /// <summary>The default namespace of the stream's stanzas.</summary>
    public string ContentNamespace { get; } = role switch
    {
        StreamRole.Client => Ns.Client,
        StreamRole.Component => "jabber:component:accept",
        _ => Ns.Server,
    };

    /// <inheritdoc cref="XmlStreamReader.Read"/>
    public StreamEvent Read(ReadOnlySequence<byte> buffer, out SequencePosition consumed, out SequencePosition examined)
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

    /// <summary>A new stream begins, after TLS or SASL. Clients send line breaks behind the element before: they are dropped, for an XML declaration may follow.</summary>
    public void Restart()
    {
        _reader.Reset();
        _skipsSpace = true;
    }

    /// <summary>The peer has logged in: it may send large stanzas.</summary>
    public void Trust() => _reader.MaxStanzaBytes = limits.StanzaBytes;

    public void Write(IBufferWriter<byte> output, Element element) =>
        ElementWriter.Write(output, ContentNamespace != Ns.Client && element.Namespace == Ns.Client ? element.Renamed(ContentNamespace) : element, ContentNamespace);

    /// <summary>Our opening tag (RFC 6120 §4.7).</summary>
    /// <param name="initiator">The initiator's bare address when it gave one.</param>
    /// <param name="version">Whether to claim version 1.0; a peer of the old protocol is answered without.</param>
    public void WriteOpening(IBufferWriter<byte> output, string domain, string id, string? initiator, bool version)
    {
        var to = initiator is null ? "" : $" to='{SecurityElement.Escape(initiator)}'";
        var claim = version ? " version='1.0'" : "";
        Encoding.UTF8.GetBytes(
            $"<?xml version='1.0'?><stream:stream xmlns='{ContentNamespace}' xmlns:stream='{Ns.Streams}' id='{id}' from='{SecurityElement.Escape(domain)}'{to}{claim} xml:lang='en'>",
            output);
    }

    public static void WriteClosing(IBufferWriter<byte> output) => output.Write("</stream:stream>"u8);

    /// <summary>The error this header deserves, or null (RFC 6120 §4.7, §4.9.3).</summary>
    /// <param name="domain">The served domain that the header asks for, or the default one.</param>
    public StreamErrorException? ErrorIn(Element header, string? contentNamespace, DomainPolicies domains, out string domain)
    {
        domain = domains.Default.Domain;
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

            if (!domains.Serves(to.Domain))
            {
                return new StreamErrorException("host-unknown");
            }

            domain = to.Domain;
        }
        else if (domains.All.Count > 1)
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
