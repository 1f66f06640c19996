using System.Xml.Linq;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>A stanza of a play as a client writes it: jabber:client is declared by the stream, not by the stanza.</summary>
internal static class StanzaText
{
    public static string Of(XElement stanza) =>
        stanza.ToString(SaveOptions.DisableFormatting).Replace($" xmlns=\"{Ns.Client}\"", "", StringComparison.Ordinal);
}
