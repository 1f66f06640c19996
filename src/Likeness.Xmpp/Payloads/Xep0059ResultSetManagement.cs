using System.Globalization;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

/// <summary>Which part of a long list is wanted (XEP-0059 §2): a page of at most <paramref name="Max"/> items.</summary>
/// <param name="Max">Null: as many as the answering side likes; 0: only their number.</param>
public sealed record ResultSetRequest(int? Max = null)
{
    /// <summary>The page follows the item with this id.</summary>
    public string? After { get; init; }

    /// <summary>The page precedes the item with this id; empty: it is the last one.</summary>
    public string? Before { get; init; }

    /// <summary>The page begins with the item that has this many before it.</summary>
    public int? Index { get; init; }

    /// <summary>What <paramref name="parent"/> asks for; null when it has no <c>set</c>.</summary>
    /// <exception cref="StanzaErrorException"><c>bad-request</c>: a number that is none, or more than one way to begin.</exception>
    public static ResultSetRequest? Read(Element parent)
    {
        if (parent.Child("set", Ns.ResultSet) is not { } set)
        {
            return null;
        }

        var request = new ResultSetRequest(Number(set, "max"))
        {
            After = set.Child("after")?.Text(),
            Before = set.Child("before")?.Text(),
            Index = Number(set, "index"),
        };
        var ways = (request.After is null ? 0 : 1) + (request.Before is null ? 0 : 1) + (request.Index is null ? 0 : 1);
        return ways <= 1
            ? request
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "A page is asked for by one of after, before and index.");
    }

    public Element ToElement()
    {
        var set = new Element("set", Ns.ResultSet);
        Write(set, "max", Max);
        Write(set, "after", After);
        Write(set, "before", Before);
        Write(set, "index", Index);
        return set;
    }

    private static void Write(Element set, string name, IFormattable? number) =>
        Write(set, name, number?.ToString(null, CultureInfo.InvariantCulture));

    private static void Write(Element set, string name, string? text)
    {
        if (text is not null)
        {
            set.Add(new Element(name, Ns.ResultSet).Add(text));
        }
    }

    private static int? Number(Element set, string name)
    {
        if (set.Child(name) is not { } child)
        {
            return null;
        }

        return int.TryParse(child.Text().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new StanzaErrorException(StanzaCondition.BadRequest, $"The {name} of a page is a number.");
    }
}

/// <summary>Which part of a long list was given (XEP-0059 §2.2).</summary>
/// <param name="First">Id of the first item; null: the page is empty.</param>
/// <param name="Index">How many items there are before the first.</param>
/// <param name="Last">Id of the last item.</param>
/// <param name="Count">Items in all.</param>
public sealed record ResultSetPage(string? First, int? Index, string? Last, int? Count)
{
    /// <summary>What <paramref name="parent"/> says of itself; null when it has no <c>set</c>.</summary>
    public static ResultSetPage? Read(Element parent)
    {
        if (parent.Child("set", Ns.ResultSet) is not { } set)
        {
            return null;
        }

        var first = set.Child("first");
        return new ResultSetPage(first?.Text(), Number(first?["index"]), set.Child("last")?.Text(), Number(set.Child("count")?.Text()));
    }

    public Element ToElement()
    {
        var set = new Element("set", Ns.ResultSet);
        if (First is not null)
        {
            set.Add(new Element("first", Ns.ResultSet).Set("index", Index?.ToString(CultureInfo.InvariantCulture)).Add(First));
        }

        if (Last is not null)
        {
            set.Add(new Element("last", Ns.ResultSet).Add(Last));
        }

        return Count is { } count ? set.Add(new Element("count", Ns.ResultSet).Add(count.ToString(CultureInfo.InvariantCulture))) : set;
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
