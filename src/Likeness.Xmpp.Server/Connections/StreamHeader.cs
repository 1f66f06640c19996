using System.Security;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>The opening tag of a stream, read and answered (RFC 6120 §4.7).</summary>
internal static class StreamHeader
{
    public const string Closing = "</stream:stream>";

    /// <summary>Our opening tag (C-21).</summary>
    /// <param name="initiator">The initiator's bare address when it gave one.</param>
    /// <param name="version">Whether to claim version 1.0; a peer of the old protocol is answered without.</param>
    public static string Opening(string domain, string id, string? initiator, bool version)
    {
        var to = initiator is null ? "" : $" to='{SecurityElement.Escape(initiator)}'";
        var claim = version ? " version='1.0'" : "";
        return $"<?xml version='1.0'?><stream:stream xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}' id='{id}' from='{SecurityElement.Escape(domain)}'{to}{claim} xml:lang='en'>";
    }

    /// <summary>The served domain this header asks for, or the first one when it names none.</summary>
    public static string DomainOf(Element header, DomainPolicies domains) =>
        Jid.TryParse(header["to"], out var to) ? to.Domain : domains.Default.Domain;

    /// <summary>The error this header deserves, or null (C-20…C-22).</summary>
    public static StreamErrorException? ErrorIn(Element header, string? contentNamespace, DomainPolicies domains)
    {
        if (contentNamespace != Ns.Client)
        {
            return new StreamErrorException("invalid-namespace", "This port speaks jabber:client.");
        }

        if (header["to"] is null ? domains.All.Count > 1 : !domains.Serves(DomainOf(header, domains)))
        {
            return new StreamErrorException("host-unknown");
        }

        return MajorVersion(header) >= 1 ? null : new StreamErrorException("unsupported-version");
    }

    /// <summary>0 when absent or unreadable: the protocol before version 1.0 (§4.7.5).</summary>
    public static int MajorVersion(Element header) =>
        int.TryParse(header["version"]?.Split('.')[0], System.Globalization.NumberStyles.None, null, out var major) ? major : 0;
}
