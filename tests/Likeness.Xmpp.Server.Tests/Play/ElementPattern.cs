using System.Xml.Linq;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>
/// What an element must look like: name, namespace, the attributes, children and text given. More attributes may be there, and more children
/// beside those given, unless it is to match exactly; an empty element means an empty one, <c>{any}</c> inside
/// lifts that. A message, a presence or stream features without children are only told by their attributes.
/// <c>attribute='{none}'</c> forbids an attribute, <c>&lt;without&gt;</c> around children forbids them, whatever they hold.
/// </summary>
public sealed class ElementPattern(XElement pattern, Placeholders placeholders, bool exactly)
{
    /// <summary>The elements of a block; <c>stream:</c> may be used, and the default namespace is jabber:client.</summary>
    public static IReadOnlyList<ElementPattern> Parse(string block, Placeholders placeholders, bool exactly) =>
        [.. Elements(block).Select(element => new ElementPattern(element, placeholders, exactly))];

    public static IEnumerable<XElement> Elements(string block) =>
        XElement.Parse($"<block xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}'>{block}</block>").Elements();

    public bool Matches(Element actual) => pattern.Descendants().FirstOrDefault(IsEmptyPromise) is { } empty
        ? throw new TranscriptException($"{empty} forbids nothing: write the children that must not be there.")
        : Matches(pattern, actual, isForbidden: false);

    public override string ToString() => pattern.ToString();

    private bool Matches(XElement wanted, Element actual, bool isForbidden) => placeholders.Try(() =>
        actual.Is(wanted.Name.LocalName, wanted.Name.NamespaceName)
        && AttributesMatch(wanted, actual)
        && TextMatches(wanted, actual, isForbidden)
        && ChildrenMatch(wanted, actual, isForbidden));

    private bool IsOnlyNamed(XElement element) => element == pattern && element.Name.LocalName is ("message" or "presence" or "features");

    private static bool IsEmptyPromise(XElement element) => element.Name.LocalName == "without" && !element.HasElements;

    private bool AttributesMatch(XElement wanted, Element actual)
    {
        var attributes = wanted.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).ToArray();
        return attributes.All(attribute => AttributeMatches(attribute, actual.Get(attribute.Name.LocalName, attribute.Name.NamespaceName)))
            && (!exactly || actual.Attributes.Length == attributes.Count(attribute => attribute.Value != "{none}"));
    }

    private bool AttributeMatches(XAttribute wanted, string? actual) =>
        wanted.Value == "{none}" ? actual is null : actual is not null && placeholders.Matches(wanted.Value, actual);

    private bool TextMatches(XElement wanted, Element actual, bool isForbidden)
    {
        var text = string.Concat(wanted.Nodes().OfType<XText>().Select(node => node.Value)).Trim();
        if (text.Length > 0)
        {
            return placeholders.Matches(text, actual.Text().Trim());
        }

        var mayHoldText = isForbidden || (!exactly && (wanted.HasElements || IsOnlyNamed(wanted)));
        return mayHoldText || actual.Text().Trim().Length == 0;
    }

    private bool ChildrenMatch(XElement wanted, Element actual, bool isForbidden)
    {
        var left = actual.ToList();
        foreach (var child in wanted.Elements().Where(child => child.Name.LocalName != "without"))
        {
            var found = left.FindIndex(candidate => Matches(child, candidate, isForbidden));
            if (found < 0)
            {
                return false;
            }

            left.RemoveAt(found);
        }

        var forbidden = wanted.Elements().Where(child => child.Name.LocalName == "without").Elements();
        var mayHoldMore = isForbidden || (!exactly && (wanted.Nodes().Any() || IsOnlyNamed(wanted)));
        return !forbidden.Any(unwanted => left.Any(candidate => Matches(unwanted, candidate, isForbidden: true))) && (mayHoldMore || left.Count == 0);
    }
}
