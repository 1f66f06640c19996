using System.Globalization;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0198 Stream Management 1.6.3: acknowledgements and resumption as the client asks for them. Counting and keeping is the outbox's work, the way back that of <see cref="ManagedStream"/>.</summary>
internal sealed class Xep0198StreamManagement(XmppServerOptions options) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.StreamFeatures.Add(static () => new Element("sm", Ns.StreamManagement));
        registry.StreamElements.Add(Ns.StreamManagement, Handle);
        registry.Inline.Add(Ns.StreamManagement, (session, wanted) =>
            wanted.Name == "enable" && session.Stream is null ? session.ManageFromTheStart(AwayFor(wanted)) : null);
    }

    private void Handle(Session session, Element element)
    {
        switch (element.Name)
        {
            case "enable":
                session.Manage(AwayFor(element));
                break;
            case "r" when session.Stream is { } stream:
                stream.Acknowledge();
                break;
            case "a" when session.Stream is not null:
                session.Outbox.Acknowledge(NumberOf(element));
                break;
            default:
                throw new StreamErrorException("policy-violation", "Stream management was not enabled.");
        }
    }

    private TimeSpan? AwayFor(Element enable)
    {
        if (enable["resume"] is not ("true" or "1") || options.MaxAway <= TimeSpan.Zero)
        {
            return null;
        }

        return uint.TryParse(enable["max"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0 && asked < options.MaxAway.TotalSeconds
            ? TimeSpan.FromSeconds(asked)
            : options.MaxAway;
    }

    private static uint NumberOf(Element answer) =>
        uint.TryParse(answer["h"], NumberStyles.None, CultureInfo.InvariantCulture, out var handled)
            ? handled
            : throw new StreamErrorException("bad-format", "An acknowledgement needs a number 'h'.");
}
