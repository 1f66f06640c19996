using System.Xml.Linq;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>
/// What an element must look like: name, namespace, the attributes and children given, and text where some is given. More may be there,
/// unless it is to match exactly. <c>attribute='{none}'</c> forbids an attribute, <c>&lt;without&gt;</c> around children forbids them.
/// </summary>
public sealed class ElementPattern(XElement pattern, Placeholders placeholders, bool exactly)
{
    /// <summary>The elements of a block; <c>stream:</c> may be used, and the default namespace is jabber:client.</summary>
    public static IReadOnlyList<ElementPattern> Parse(string block, Placeholders placeholders, bool exactly) =>
        [.. Elements(block).Select(element => new ElementPattern(element, placeholders, exactly))];

    public static IEnumerable<XElement> Elements(string block) =>
        XElement.Parse($"<block xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}'>{block}</block>").Elements();

    public bool Matches(Element actual) => Matches(pattern, actual);

    public override string ToString() => pattern.ToString();

    private bool Matches(XElement wanted, Element actual) => placeholders.Try(() =>
        actual.Is(wanted.Name.LocalName, wanted.Name.NamespaceName)
        && AttributesMatch(wanted, actual)
        && TextMatches(wanted, actual)
        && ChildrenMatch(wanted, actual));

    private bool AttributesMatch(XElement wanted, Element actual)
    {
        var attributes = wanted.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration).ToArray();
        return attributes.All(attribute => AttributeMatches(attribute, actual.Get(attribute.Name.LocalName, attribute.Name.NamespaceName)))
            && (!exactly || actual.Attributes.Length == attributes.Count(attribute => attribute.Value != "{none}"));
    }

    private bool AttributeMatches(XAttribute wanted, string? actual) =>
        wanted.Value == "{none}" ? actual is null : actual is not null && placeholders.Matches(wanted.Value, actual);

    private bool TextMatches(XElement wanted, Element actual)
    {
        var text = string.Concat(wanted.Nodes().OfType<XText>().Select(node => node.Value)).Trim();
        return text.Length == 0 ? !exactly || actual.Text().Trim().Length == 0 : placeholders.Matches(text, actual.Text().Trim());
    }

    private bool ChildrenMatch(XElement wanted, Element actual)
    {
        var left = actual.ToList();
        foreach (var child in wanted.Elements().Where(child => child.Name.LocalName != "without"))
        {
            var found = left.FindIndex(candidate => Matches(child, candidate));
            if (found < 0)
            {
                return false;
            }

            left.RemoveAt(found);
        }

        var forbidden = wanted.Elements().Where(child => child.Name.LocalName == "without").Elements();
        return !forbidden.Any(unwanted => left.Any(candidate => Matches(unwanted, candidate))) && (!exactly || left.Count == 0);
    }
}
