using System.Collections.Frozen;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Connections;

/// <summary>What a domain allows the component (XEP-0356 Privileged Entity 0.4, and its former version that ejabberd up to 24.07 speaks).</summary>
/// <param name="Roster">none, get, set or both.</param>
/// <param name="Presence">none, managed_entity or roster.</param>
/// <param name="Message">none or outgoing.</param>
/// <param name="Iq">By namespace: get, set or both.</param>
internal sealed record Grants(string Roster, string Presence, string Message, FrozenDictionary<string, string> Iq)
{
    public const string Former = "urn:xmpp:privilege:1";
    public const string Current = "urn:xmpp:privilege:2";

    public static Grants None { get; } = new("none", "none", "none", FrozenDictionary<string, string>.Empty);

    /// <summary>Announced in the former version: ejabberd up to 23.04 ends the stream of whoever sets a roster item there.</summary>
    public bool IsFormer { get; private init; }

    public bool SeesPresence => Presence is "managed_entity" or "roster";

    public bool ReadsPep => MayGet(Ns.PubSub);

    public bool WritesPep => MaySet(Ns.PubSub);

    public bool Configures => MayGet(Ns.PubSubOwner) && MaySet(Ns.PubSubOwner);

    public bool MaySetRoster => !IsFormer && Roster is ("set" or "both");

    public bool MayGet(string ns) => Iq.GetValueOrDefault(ns) is "get" or "both";

    public bool MaySet(string ns) => Iq.GetValueOrDefault(ns) is "set" or "both";

    /// <summary>What this message announces; null: it is no announcement. Prosody's module nests a namespace inside the one before.</summary>
    public static Grants? Read(Element message)
    {
        if ((message.Child("privilege", Current) ?? message.Child("privilege", Former)) is not { } privilege || privilege.Child("forwarded", Ns.Forward) is not null)
        {
            return null;
        }

        var (roster, presence, outgoing) = ("none", "none", "none");
        var iq = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var permission in privilege.Where(child => child.Name == "perm"))
        {
            var type = permission["type"] ?? "none";
            switch (permission["access"])
            {
                case "roster":
                    roster = type;
                    break;
                case "presence":
                    presence = type;
                    break;
                case "message":
                    outgoing = type;
                    break;
                case "iq":
                    Collect(permission, iq);
                    break;
            }
        }

        return new Grants(roster, presence, outgoing, iq.ToFrozenDictionary(StringComparer.Ordinal)) { IsFormer = privilege.Namespace == Former };
    }

    public override string ToString()
    {
        var parts = new List<string>();
        Say(parts, "roster", Roster);
        Say(parts, "presence", Presence);
        Say(parts, "message", Message);
        parts.AddRange(Iq.Where(pair => pair.Value != "none").OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"iq {pair.Key} {pair.Value}"));
        return parts.Count == 0 ? "nothing" : string.Join(", ", parts);
    }

    private static void Say(List<string> parts, string what, string granted)
    {
        if (granted != "none")
        {
            parts.Add($"{what} {granted}");
        }
    }

    private static void Collect(Element parent, Dictionary<string, string> iq)
    {
        foreach (var child in parent)
        {
            if (child.Name == "namespace" && child["ns"] is { } ns)
            {
                iq[ns] = child["type"] ?? "none";
            }

            Collect(child, iq);
        }
    }
}
