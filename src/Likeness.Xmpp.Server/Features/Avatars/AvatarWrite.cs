using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>The chat request that is changing a portrait just now, for the event it causes: the portrait itself does not know who changed it and how.</summary>
/// <param name="Publisher">Named as <c>replyto</c> (X84-44).</param>
/// <param name="Removal">What the metadata node says instead of an item: <c>retract</c> or <c>purge</c> (X84-55).</param>
internal sealed record AvatarWrite(Jid Publisher, Element? Removal = null)
{
    private static readonly AsyncLocal<AvatarWrite?> Flow = new();

    public static AvatarWrite? Current => Flow.Value;

    /// <summary>Call inside an async method: the note ends with it.</summary>
    public void Begin() => Flow.Value = this;
}
