using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>What a feature adds to a presence on its way out. The same object for as long as it says the same: that is how a prepared presence is known to be current.</summary>
public interface IPresenceStamp
{
    /// <summary>The presence to send, a copy when changed.</summary>
    Element Apply(Element presence);
}

/// <summary>A presence as one audience gets it, and what it was made of.</summary>
internal sealed record PreparedPresence(Element Presence, IPresenceStamp[] Stamps, PreparedStanza Stanza);
