namespace Likeness.Xmpp.Xml;

/// <summary>Namespace declarations in force, innermost last (Namespaces in XML 1.0 §3, §6).</summary>
internal sealed class NamespaceScope(int most)
{
    private const string Xmlns = "http://www.w3.org/2000/xmlns/";
    private (string Prefix, string Namespace)[] _declared = [];

    public int Count { get; private set; }

    /// <param name="from">Where the declarations of the element at hand begin.</param>
    public void Declare(string prefix, string ns, int from)
    {
        Check(prefix, ns);
        for (var index = from; index < Count; index++)
        {
            if (_declared[index].Prefix == prefix)
            {
                throw Malformed.Xml("A namespace prefix is declared twice.");
            }
        }

        if (Count == most)
        {
            throw Malformed.TooMuch("Namespace declarations", most);
        }

        if (Count == _declared.Length)
        {
            Array.Resize(ref _declared, Math.Max(2, Count * 2));
        }

        _declared[Count++] = (prefix, ns);
    }

    /// <summary>The namespace of an element with this prefix; an empty prefix means the default namespace.</summary>
    public string Resolve(string prefix)
    {
        for (var index = Count - 1; index >= 0; index--)
        {
            if (_declared[index].Prefix == prefix)
            {
                return _declared[index].Namespace;
            }
        }

        return prefix switch
        {
            "" => "",
            "xml" => Ns.Xml,
            _ => throw Malformed.Xml("A namespace prefix is not declared."),
        };
    }

    /// <summary>Ends the declarations made since there were this many.</summary>
    public void CutTo(int count)
    {
        if (_declared.Length > 8 && count <= 4)
        {
            Array.Resize(ref _declared, 4);
            Count = count;
            return;
        }

        Array.Clear(_declared, count, Count - count);
        Count = count;
    }

    private static void Check(string prefix, string ns)
    {
        var reserved = prefix switch
        {
            "xmlns" => true,
            "xml" => ns != Ns.Xml,
            "" => ns is Ns.Xml or Xmlns,
            _ => ns is "" or Ns.Xml or Xmlns,
        };
        if (reserved)
        {
            throw Malformed.Xml("A namespace declaration that is not allowed.");
        }
    }
}
