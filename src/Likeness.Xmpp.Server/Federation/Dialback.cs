using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>What became of a key that was to be verified (XEP-0220 §2.2).</summary>
internal enum DialbackVerdict
{
    Valid,
    Invalid,

    /// <summary>The domain's server cannot be found, or does not know the domain.</summary>
    NotFound,

    /// <summary>It does not answer.</summary>
    Timeout,
}

/// <summary>XEP-0220 Server Dialback 1.1.1: keys made of a secret and what they are for, so that none has to be kept (XEP-0185).</summary>
internal sealed class Dialback(XmppServerOptions options)
{
    private readonly byte[] _secret = HMACSHA256.HashData(options.Secret, "dialback"u8);

    /// <param name="receiving">The domain that is to accept stanzas.</param>
    /// <param name="originating">The domain of ours that sends them.</param>
    /// <param name="id">Of the stream, as the receiving server named it.</param>
    public string KeyFor(string receiving, string originating, string id) => KeyFor(_secret, receiving, originating, id);

    public bool IsKey(string key, string receiving, string originating, string id) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(key.Trim()), Encoding.UTF8.GetBytes(KeyFor(receiving, originating, id)));

    internal static string KeyFor(ReadOnlySpan<byte> secret, string receiving, string originating, string id)
    {
        var key = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(secret)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{receiving} {originating} {id}")));
    }

    /// <summary>A <c>db:result</c> or <c>db:verify</c>.</summary>
    public static Element Element(string name, DomainPair pair, string? id = null) =>
        new Element(name, Ns.Dialback).Set("from", pair.From).Set("to", pair.To).Set("id", id);

    /// <summary>The answer to one of them, with this verdict.</summary>
    public static Element Answer(Element asked, DialbackVerdict verdict) => verdict switch
    {
        DialbackVerdict.Valid => Swapped(asked).Set("type", "valid"),
        DialbackVerdict.Invalid => Swapped(asked).Set("type", "invalid"),
        DialbackVerdict.NotFound => Answer(asked, StanzaCondition.RemoteServerNotFound),
        _ => Answer(asked, StanzaCondition.RemoteServerTimeout),
    };

    /// <summary>The answer that nothing could be found out (XEP-0220 §2.5).</summary>
    public static Element Answer(Element asked, StanzaCondition condition) =>
        Swapped(asked).Set("type", "error").Add(new StanzaErrorException(condition).ToElement(Ns.Server));

    /// <summary>What an answer of the type error says.</summary>
    public static string ConditionOf(Element answer) =>
        answer.Child("error", Ns.Server)?.FirstOrDefault(child => child.Namespace == Ns.StanzaErrors && child.Name != "text")?.Name ?? "undefined-condition";

    private static Element Swapped(Element asked) =>
        new Element(asked.Name, Ns.Dialback).Set("from", asked["to"]).Set("to", asked["from"]).Set("id", asked["id"]);
}

/// <summary>From which domain to which; one of them is ours.</summary>
internal readonly record struct DomainPair(string From, string To)
{
    public DomainPair Back => new(To, From);

    public override string ToString() => $"{From} → {To}";
}

/// <summary>For which pairs of domains the other side of a stream may send.</summary>
internal sealed class VerifiedPairs
{
    private readonly Lock _gate = new();
    private DomainPair[] _pairs = [];

    public int Count => All.Length;

    /// <summary>From theirs to ours. Not changed any more: what is added makes another one.</summary>
    public DomainPair[] All => Volatile.Read(ref _pairs);

    public void Add(DomainPair pair)
    {
        lock (_gate)
        {
            if (!Contains(pair))
            {
                Volatile.Write(ref _pairs, [.. _pairs, pair]);
            }
        }
    }

    public bool Contains(DomainPair pair) => Array.IndexOf(All, pair) >= 0;

    public bool IncludesSender(string domain) => Array.Exists(All, pair => pair.From == domain);
}

/// <summary>Another server cannot be reached, or does not want us.</summary>
/// <param name="reason">For people, without a full stop.</param>
/// <param name="isUnknown">Nobody knows such a domain, or no server for it (RFC 6120 §8.3.3.16).</param>
internal sealed class PeerUnreachableException(string reason, bool isUnknown = false, Exception? inner = null) : Exception(reason, inner)
{
    public bool IsUnknown => isUnknown;

    /// <summary>It only begins anew (stream error <c>reset</c>): it is there, and may be called again at once.</summary>
    public bool BeginsAnew { get; init; }

    public StanzaErrorException ToStanzaError(string domain) =>
        new(isUnknown ? StanzaCondition.RemoteServerNotFound : StanzaCondition.RemoteServerTimeout, $"{domain}: {Message}.");
}
