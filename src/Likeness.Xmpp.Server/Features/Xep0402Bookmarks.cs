using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0402 PEP Native Bookmarks 1.2.0: one item for each room. The one list of XEP-0048, in private storage (XEP-0049) and in a node
/// of its own, is a view of these items (§5.3); what goes into it and comes out of it is converted here.
/// </summary>
internal sealed class Xep0402Bookmarks : IFeature
{
    public const string Node = "urn:xmpp:bookmarks:1";

    /// <summary>Name and namespace of the old list (XEP-0048).</summary>
    public const string OldNode = "storage:bookmarks";

    private const string OldConversion = "urn:xmpp:bookmarks-conversion:0";
    private static readonly string[] Texts = ["nick", "password"];

    public void Register(FeatureRegistry registry)
    {
        registry.AccountFeatures.Add($"{Node}#compat");
        registry.AccountFeatures.Add($"{Node}#compat-pep");
        registry.AccountFeatures.Add(OldConversion);
    }

    /// <summary>The address of a room as an item's id: bare and normalised; null: it is none.</summary>
    public static string? Room(string? address) =>
        Jid.TryParse(address, out var jid) && jid is { Local: not null, Resource: null } ? jid.Text : null;

    public static bool IsOldList(Element element) => element.Is("storage", OldNode);

    /// <summary>The rooms of an old list. What names a room twice, in other letters or with a nick behind it, is one; the first counts.</summary>
    public static IEnumerable<KeyValuePair<string, Element>> Rooms(Element oldList) => oldList
        .Where(IsRoom)
        .Select(conference => KeyValuePair.Create(Jid.Parse(conference["jid"]!).BareText, conference))
        .DistinctBy(room => room.Key, StringComparer.Ordinal);

    /// <summary>What else an old list holds, such as web pages; there is no new form of it.</summary>
    public static IEnumerable<Element> Rest(Element oldList) => oldList.Where(child => !IsRoom(child));

    /// <summary>An item as an entry of the old list.</summary>
    public static Element ToOld(string room, Element bookmark)
    {
        var old = new Element("conference", OldNode).Set("jid", room).Set("name", bookmark["name"]).Set("autojoin", Flag(bookmark["autojoin"]));
        CopyTexts(bookmark, old);
        return (bookmark.Child("extensions") ?? new Element("extensions", Node)).Aggregate(old, (all, extension) => all.Add(extension));
    }

    /// <summary>An entry of the old list as an item. Extensions its writer knows nothing of stay as they are.</summary>
    public static Element FromOld(Element old, Element? present)
    {
        var bookmark = new Element("conference", Node).Set("name", old["name"]).Set("autojoin", Flag(old["autojoin"]));
        CopyTexts(old, bookmark);
        var written = old.Where(child => !(child.Namespace == OldNode && Texts.Contains(child.Name, StringComparer.Ordinal))).SelectMany(Unwrapped).ToArray();
        var kept = present?.Child("extensions", Node)?.Where(extension => !written.Any(other => other.Is(extension.Name, extension.Namespace))) ?? [];
        var extensions = kept.Concat(written).Aggregate(new Element("extensions", Node), (all, extension) => all.Add(extension));
        return extensions.FirstChild() is null ? bookmark : bookmark.Add(extensions);
    }

    // Other servers hand extensions to old clients in their wrapper, in either namespace.
    private static IEnumerable<Element> Unwrapped(Element child) => child is { Name: "extensions", Namespace: Node or OldNode } ? child : [child];

    private static bool IsRoom(Element child) =>
        child.Is("conference", OldNode) && Jid.TryParse(child["jid"], out var jid) && jid.Local is not null;

    private static void CopyTexts(Element from, Element to)
    {
        foreach (var name in Texts)
        {
            if (from.Child(name)?.Text() is { Length: > 0 } text)
            {
                to.Add(name, text);
            }
        }
    }

    private static string? Flag(string? value) => value is "1" or "true" ? "true" : null;
}
