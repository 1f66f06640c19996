using System.Collections;
using System.Text;

namespace Likeness.Xmpp.Xml;

/// <summary>
/// An XML element as XMPP uses it: name, namespace, attributes, child elements and text, prefixes resolved away.
/// Built once, then only read: whoever hands an element on changes it no more (<see cref="Copy"/> makes a changeable one).
/// </summary>
public sealed class Element(string name, string ns) : IEnumerable<Element>
{
    private static readonly object[] NoNodes = [];
    private ElementAttribute[] _attributes = [];
    private int _attributeCount;
    private object[] _nodes = NoNodes;
    private int _nodeCount;

    public string Name { get; } = name;

    public string Namespace { get; } = ns;

    public ReadOnlySpan<ElementAttribute> Attributes => _attributes.AsSpan(0, _attributeCount);

    /// <summary>Children in document order: <see cref="Element"/> or <see cref="string"/>.</summary>
    public ReadOnlySpan<object> Nodes => _nodes.AsSpan(0, _nodeCount);

    /// <summary>The value of the unprefixed attribute, or null.</summary>
    public string? this[string attribute] => Get(attribute, "");

    public string? Get(string attribute, string ns)
    {
        foreach (ref readonly var candidate in Attributes)
        {
            if (candidate.Name == attribute && candidate.Namespace == ns)
            {
                return candidate.Value;
            }
        }

        return null;
    }

    /// <summary>Sets, replaces or (with null) removes an unprefixed attribute.</summary>
    public Element Set(string attribute, string? value) => Set(attribute, "", value);

    public Element Set(string attribute, string ns, string? value)
    {
        var index = IndexOf(attribute, ns);
        if (value is null)
        {
            Cut(index);
        }
        else if (index >= 0)
        {
            _attributes[index] = new ElementAttribute(attribute, ns, value);
        }
        else
        {
            if (_attributeCount == _attributes.Length)
            {
                Array.Resize(ref _attributes, Math.Max(4, _attributeCount * 2));
            }

            _attributes[_attributeCount++] = new ElementAttribute(attribute, ns, value);
        }

        return this;
    }

    /// <summary>Takes all attributes at once; the reader's way in.</summary>
    public Element SetAll(ReadOnlySpan<ElementAttribute> attributes)
    {
        _attributes = attributes.ToArray();
        _attributeCount = attributes.Length;
        return this;
    }

    /// <summary>Appends a child element; null is passed over.</summary>
    public Element Add(Element? child)
    {
        if (child is not null)
        {
            Append(child);
        }

        return this;
    }

    /// <summary>Appends text.</summary>
    public Element Add(string text)
    {
        if (text.Length > 0)
        {
            Append(text);
        }

        return this;
    }

    /// <summary>Appends a child of the same namespace with this text.</summary>
    public Element Add(string childName, string text) => Add(new Element(childName, Namespace).Add(text));

    public void Remove(Element child)
    {
        var index = Array.IndexOf(_nodes, child, 0, _nodeCount);
        if (index >= 0)
        {
            Array.Copy(_nodes, index + 1, _nodes, index, --_nodeCount - index);
            _nodes[_nodeCount] = null!;
        }
    }

    /// <summary>The first child of this name and namespace, or null.</summary>
    public Element? Child(string childName, string ns)
    {
        foreach (var node in Nodes)
        {
            if (node is Element element && element.Is(childName, ns))
            {
                return element;
            }
        }

        return null;
    }

    /// <summary>The first child of this name in this element's own namespace, or null.</summary>
    public Element? Child(string childName) => Child(childName, Namespace);

    /// <summary>The first child element, or null.</summary>
    public Element? FirstChild()
    {
        foreach (var node in Nodes)
        {
            if (node is Element element)
            {
                return element;
            }
        }

        return null;
    }

    public bool Is(string name, string ns) => Name == name && Namespace == ns;

    /// <summary>The text directly inside, child elements left out.</summary>
    public string Text()
    {
        switch (_nodeCount)
        {
            case 0:
                return "";
            case 1:
                return _nodes[0] as string ?? "";
            default:
                var text = new StringBuilder();
                foreach (var node in Nodes)
                {
                    text.Append(node as string);
                }

                return text.ToString();
        }
    }

    /// <summary>Child elements in document order.</summary>
    public IEnumerator<Element> GetEnumerator()
    {
        for (var index = 0; index < _nodeCount; index++)
        {
            if (_nodes[index] is Element element)
            {
                yield return element;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A changeable copy: own attributes and own list of children, the children themselves shared.</summary>
    public Element Copy() => Renamed(Namespace);

    /// <summary>A copy in another namespace, children of the old one included (jabber:client ↔ jabber:server).</summary>
    public Element Renamed(string ns)
    {
        var copy = new Element(Name, ns) { _nodes = Nodes.ToArray(), _nodeCount = _nodeCount }.SetAll(Attributes);
        if (ns != Namespace)
        {
            for (var index = 0; index < _nodeCount; index++)
            {
                if (copy._nodes[index] is Element child && child.Namespace == Namespace)
                {
                    copy._nodes[index] = child.Renamed(ns);
                }
            }
        }

        return copy;
    }

    /// <summary>The element as it is written inside a stream whose default namespace is <see cref="Ns.Client"/>.</summary>
    public override string ToString() => ElementWriter.ToText(this, Ns.Client);

    private int IndexOf(string attribute, string ns)
    {
        for (var index = 0; index < _attributeCount; index++)
        {
            if (_attributes[index].Name == attribute && _attributes[index].Namespace == ns)
            {
                return index;
            }
        }

        return -1;
    }

    private void Cut(int index)
    {
        if (index >= 0)
        {
            Array.Copy(_attributes, index + 1, _attributes, index, --_attributeCount - index);
            _attributes[_attributeCount] = default;
        }
    }

    private void Append(object node)
    {
        if (_nodeCount == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodeCount == 0 ? 1 : Math.Max(4, _nodeCount * 2));
        }

        _nodes[_nodeCount++] = node;
    }
}

/// <summary>An attribute; <paramref name="Namespace"/> is empty for the ordinary unprefixed kind. Namespace declarations are not attributes.</summary>
public readonly record struct ElementAttribute(string Name, string Namespace, string Value);
