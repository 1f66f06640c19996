using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>The errors of XEP-0060 that carry a condition of their own.</summary>
internal static class PubSubError
{
    public static StanzaErrorException PresenceSubscriptionRequired() =>
        new(StanzaCondition.NotAuthorized, detail: Detail("presence-subscription-required"));

    public static StanzaErrorException NotInRosterGroup() =>
        new(StanzaCondition.NotAuthorized, detail: Detail("not-in-roster-group"));

    public static StanzaErrorException ClosedNode() =>
        new(StanzaCondition.NotAllowed, detail: Detail("closed-node"));

    public static StanzaErrorException NodeIdRequired() =>
        new(StanzaCondition.BadRequest, "The request names no node.", Detail("nodeid-required"));

    public static StanzaErrorException ItemRequired() =>
        new(StanzaCondition.BadRequest, "The request names no item.", Detail("item-required"));

    public static StanzaErrorException PayloadRequired() =>
        new(StanzaCondition.BadRequest, "An item needs exactly one payload element.", Detail("payload-required"));

    public static StanzaErrorException InvalidPayload(string text) =>
        new(StanzaCondition.BadRequest, text, Detail("invalid-payload"));

    public static StanzaErrorException PayloadTooBig(string text) =>
        new(StanzaCondition.NotAcceptable, text, Detail("payload-too-big"));

    public static StanzaErrorException InvalidJid() =>
        new(StanzaCondition.BadRequest, "A subscription is for the sender's own address.", Detail("invalid-jid"));

    public static StanzaErrorException NotSubscribed() =>
        new(StanzaCondition.UnexpectedRequest, "There is no such subscription.", Detail("not-subscribed"), "cancel");

    public static StanzaErrorException TooManySubscriptions() =>
        new(StanzaCondition.PolicyViolation, "There are as many subscriptions as the service allows.", Detail("too-many-subscriptions"), "wait");

    public static StanzaErrorException Unsupported(string feature) =>
        new(StanzaCondition.FeatureNotImplemented, detail: Detail("unsupported").Set("feature", feature));

    public static StanzaErrorException PreconditionNotMet(string text) =>
        new(StanzaCondition.Conflict, text, Detail("precondition-not-met"));

    public static StanzaErrorException UnsupportedAccessModel(string text) =>
        new(StanzaCondition.NotAcceptable, text, Detail("unsupported-access-model"));

    public static StanzaErrorException NodeNotFound() => new(StanzaCondition.ItemNotFound, "There is no such node.");

    private static Element Detail(string name) => new(name, Ns.PubSubErrors);
}
