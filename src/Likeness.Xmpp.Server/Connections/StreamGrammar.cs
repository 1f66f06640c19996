using System.Collections.Frozen;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>How far a stream has come.</summary>
internal enum StreamState
{
    /// <summary>TLS is required and not there yet: nothing but STARTTLS is offered.</summary>
    Unsecured,

    /// <summary>SASL is offered.</summary>
    Unauthenticated,

    /// <summary>An exchange of XEP-0388 runs: nothing but its elements may come (§2.4).</summary>
    Authenticating,

    /// <summary>Authenticated; a resource must be bound.</summary>
    Unbound,

    /// <summary>A session exists; stanzas are routed.</summary>
    Bound,
}

/// <summary>What to do with a first-level element.</summary>
internal enum StreamStep
{
    StartTls,
    Sasl,
    Login,
    EarlyIq,
    Bind,
    Resume,
    Stanza,

    /// <summary>Answered as having no place here, which ends nothing (XEP-0198 §3).</summary>
    Unexpected,
}

/// <param name="Next">The state after the step has succeeded.</param>
/// <param name="BeforeTls">Only as long as the stream is not secured.</param>
internal sealed record StreamRule(StreamStep Step, StreamState Next, bool BeforeTls = false);

/// <summary>The grammar of streams as a table (RFC 6120 §4.3): who may send what in which state, what is done, what state follows.</summary>
internal static class StreamGrammar
{
    private static readonly FrozenDictionary<(StreamRole, StreamState, string, string), StreamRule> Rules =
        new Dictionary<(StreamRole, StreamState, string, string), StreamRule>
        {
            [(StreamRole.Client, StreamState.Unsecured, "starttls", Ns.Tls)] = new(StreamStep.StartTls, StreamState.Unauthenticated),
            [(StreamRole.Client, StreamState.Unauthenticated, "starttls", Ns.Tls)] = new(StreamStep.StartTls, StreamState.Unauthenticated, BeforeTls: true),
            [(StreamRole.Client, StreamState.Unauthenticated, "auth", Ns.Sasl)] = new(StreamStep.Sasl, StreamState.Unbound),
            [(StreamRole.Client, StreamState.Unauthenticated, "response", Ns.Sasl)] = new(StreamStep.Sasl, StreamState.Unbound),
            [(StreamRole.Client, StreamState.Unauthenticated, "abort", Ns.Sasl)] = new(StreamStep.Sasl, StreamState.Unbound),
            [(StreamRole.Client, StreamState.Unauthenticated, "authenticate", Ns.Sasl2)] = new(StreamStep.Login, StreamState.Authenticating),
            [(StreamRole.Client, StreamState.Unauthenticated, "abort", Ns.Sasl2)] = new(StreamStep.Login, StreamState.Unauthenticated),
            [(StreamRole.Client, StreamState.Authenticating, "response", Ns.Sasl2)] = new(StreamStep.Login, StreamState.Authenticating),
            [(StreamRole.Client, StreamState.Authenticating, "abort", Ns.Sasl2)] = new(StreamStep.Login, StreamState.Unauthenticated),
            [(StreamRole.Client, StreamState.Authenticating, "next", Ns.Sasl2)] = new(StreamStep.Login, StreamState.Unauthenticated),
            [(StreamRole.Client, StreamState.Unauthenticated, "iq", Ns.Client)] = new(StreamStep.EarlyIq, StreamState.Unauthenticated),
            [(StreamRole.Client, StreamState.Unbound, "iq", Ns.Client)] = new(StreamStep.Bind, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "message", Ns.Client)] = new(StreamStep.Stanza, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "presence", Ns.Client)] = new(StreamStep.Stanza, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "iq", Ns.Client)] = new(StreamStep.Stanza, StreamState.Bound),
            [(StreamRole.Client, StreamState.Unauthenticated, "enable", Ns.StreamManagement)] = new(StreamStep.Unexpected, StreamState.Unauthenticated),
            [(StreamRole.Client, StreamState.Unauthenticated, "resume", Ns.StreamManagement)] = new(StreamStep.Unexpected, StreamState.Unauthenticated),
            [(StreamRole.Client, StreamState.Unbound, "enable", Ns.StreamManagement)] = new(StreamStep.Unexpected, StreamState.Unbound),
            [(StreamRole.Client, StreamState.Unbound, "resume", Ns.StreamManagement)] = new(StreamStep.Resume, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "resume", Ns.StreamManagement)] = new(StreamStep.Unexpected, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "enable", Ns.StreamManagement)] = new(StreamStep.Stanza, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "r", Ns.StreamManagement)] = new(StreamStep.Stanza, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "active", Ns.ClientState)] = new(StreamStep.Stanza, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "inactive", Ns.ClientState)] = new(StreamStep.Stanza, StreamState.Bound),
            [(StreamRole.Client, StreamState.Bound, "a", Ns.StreamManagement)] = new(StreamStep.Stanza, StreamState.Bound),
        }.ToFrozenDictionary();

    /// <summary>Refuses with its stream error what has no place in this state.</summary>
    public static StreamRule RuleFor(StreamRole role, StreamState state, Element element, bool isSecured)
    {
        if (Rules.TryGetValue((role, state, element.Name, element.Namespace), out var rule) && !(rule.BeforeTls && isSecured))
        {
            return rule;
        }

        var isStanza = element.Namespace == Ns.Client && element.Name is ("message" or "presence" or "iq");
        throw isStanza
            ? new StreamErrorException("not-authorized", "Authenticate and bind a resource before sending stanzas.")
            : new StreamErrorException("unsupported-stanza-type");
    }
}
