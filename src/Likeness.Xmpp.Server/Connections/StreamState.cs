using System.Collections.Frozen;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>How far a client stream has come.</summary>
public enum StreamState
{
    /// <summary>TLS is required and not there yet: nothing but STARTTLS is offered (C-2).</summary>
    Unsecured,

    /// <summary>SASL is offered.</summary>
    Unauthenticated,

    /// <summary>Authenticated; a resource must be bound (C-24).</summary>
    Unbound,

    /// <summary>A session exists; stanzas are routed.</summary>
    Bound,
}

/// <summary>What to do with a first-level element.</summary>
internal enum StreamStep
{
    StartTls,
    Sasl,
    EarlyIq,
    Bind,
    Stanza,
}

/// <summary>The grammar of a client stream as a table (RFC 6120 §4.3).</summary>
internal static class StreamGrammar
{
    private static readonly FrozenDictionary<(StreamState, string, string), StreamStep> Steps =
        new Dictionary<(StreamState, string, string), StreamStep>
        {
            [(StreamState.Unsecured, "starttls", Ns.Tls)] = StreamStep.StartTls,
            [(StreamState.Unauthenticated, "starttls", Ns.Tls)] = StreamStep.StartTls,
            [(StreamState.Unauthenticated, "auth", Ns.Sasl)] = StreamStep.Sasl,
            [(StreamState.Unauthenticated, "response", Ns.Sasl)] = StreamStep.Sasl,
            [(StreamState.Unauthenticated, "abort", Ns.Sasl)] = StreamStep.Sasl,
            [(StreamState.Unauthenticated, "iq", Ns.Client)] = StreamStep.EarlyIq,
            [(StreamState.Unbound, "iq", Ns.Client)] = StreamStep.Bind,
            [(StreamState.Bound, "message", Ns.Client)] = StreamStep.Stanza,
            [(StreamState.Bound, "presence", Ns.Client)] = StreamStep.Stanza,
            [(StreamState.Bound, "iq", Ns.Client)] = StreamStep.Stanza,
        }.ToFrozenDictionary();

    /// <summary>Refuses with the stream error of C-24 or C-25 what has no place in this state.</summary>
    public static StreamStep StepFor(StreamState state, Element element)
    {
        if (Steps.TryGetValue((state, element.Name, element.Namespace), out var step))
        {
            return step;
        }

        var isStanza = element.Namespace == Ns.Client && element.Name is ("message" or "presence" or "iq");
        throw isStanza
            ? new StreamErrorException("not-authorized", "Authenticate and bind a resource before sending stanzas.")
            : new StreamErrorException("unsupported-stanza-type");
    }
}
