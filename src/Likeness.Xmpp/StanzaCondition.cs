namespace Likeness.Xmpp;

/// <summary>A defined stanza error condition and its usual type (RFC 6120 §8.3.3).</summary>
public sealed record StanzaCondition(string Name, string Type)
{
    public static readonly StanzaCondition BadRequest = new("bad-request", "modify");
    public static readonly StanzaCondition Conflict = new("conflict", "cancel");
    public static readonly StanzaCondition FeatureNotImplemented = new("feature-not-implemented", "cancel");
    public static readonly StanzaCondition Forbidden = new("forbidden", "auth");
    public static readonly StanzaCondition Gone = new("gone", "cancel");
    public static readonly StanzaCondition InternalServerError = new("internal-server-error", "cancel");
    public static readonly StanzaCondition ItemNotFound = new("item-not-found", "cancel");
    public static readonly StanzaCondition JidMalformed = new("jid-malformed", "modify");
    public static readonly StanzaCondition NotAcceptable = new("not-acceptable", "modify");
    public static readonly StanzaCondition NotAllowed = new("not-allowed", "cancel");
    public static readonly StanzaCondition NotAuthorized = new("not-authorized", "auth");
    public static readonly StanzaCondition PolicyViolation = new("policy-violation", "modify");
    public static readonly StanzaCondition RecipientUnavailable = new("recipient-unavailable", "wait");
    public static readonly StanzaCondition Redirect = new("redirect", "modify");
    public static readonly StanzaCondition RegistrationRequired = new("registration-required", "auth");
    public static readonly StanzaCondition RemoteServerNotFound = new("remote-server-not-found", "cancel");
    public static readonly StanzaCondition RemoteServerTimeout = new("remote-server-timeout", "wait");
    public static readonly StanzaCondition ResourceConstraint = new("resource-constraint", "wait");
    public static readonly StanzaCondition ServiceUnavailable = new("service-unavailable", "cancel");
    public static readonly StanzaCondition SubscriptionRequired = new("subscription-required", "auth");
    public static readonly StanzaCondition UndefinedCondition = new("undefined-condition", "cancel");
    public static readonly StanzaCondition UnexpectedRequest = new("unexpected-request", "wait");
}
