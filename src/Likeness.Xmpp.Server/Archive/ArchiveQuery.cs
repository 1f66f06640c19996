using System.Globalization;
using System.Text.RegularExpressions;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Archive;

/// <summary>What a client asks an archive for (XEP-0313 §4.1, §4.3): which messages, which page of them, in which order.</summary>
internal sealed partial record ArchiveQuery
{
    /// <summary>Messages of a page, asked for or not.</summary>
    public const int MaxPage = 50;

    /// <summary>Messages asked for one by one.</summary>
    public const int MaxIds = 50;

    /// <summary>Returned with each message.</summary>
    public string? QueryId { get; private init; }

    /// <summary>The messages' other side; null: anybody.</summary>
    public Jid? With { get; private init; }

    public DateTimeOffset? Start { get; private init; }

    public DateTimeOffset? End { get; private init; }

    /// <summary>The page lies behind these.</summary>
    public IReadOnlyList<string> Behind { get; private init; } = [];

    /// <summary>And before these.</summary>
    public IReadOnlyList<string> Before { get; private init; } = [];

    /// <summary>These messages alone; null: not asked for one by one.</summary>
    public IReadOnlyList<string>? Ids { get; private init; }

    /// <summary>0: only their number.</summary>
    public int Max { get; private init; } = MaxPage;

    /// <summary>The page is the last one of what was asked for, not the first.</summary>
    public bool IsBackwards { get; private init; }

    /// <summary>Within the page the newest comes first.</summary>
    public bool IsFlipped { get; private init; }

    /// <exception cref="StanzaErrorException">What is asked for is not understood, or not served.</exception>
    public static ArchiveQuery Read(Element query)
    {
        var page = query.Child("set", Ns.ResultSet);
        var (after, before) = (page?.Child("after")?.Text(), page?.Child("before")?.Text());
        if (page?.Child("index") is not null)
        {
            throw new StanzaErrorException(StanzaCondition.FeatureNotImplemented, "An archive has no index; pages are asked for by ids.");
        }

        var read = new ArchiveQuery
        {
            QueryId = query["queryid"],
            Max = Math.Min(MaxPage, Number(page?.Child("max")?.Text()) ?? MaxPage),
            Behind = after is null ? [] : [after],
            Before = before is null or "" ? [] : [before],
            IsBackwards = before is not null && after is null,
            IsFlipped = query.Child("flip-page") is not null,
        };
        return query.Child("x", Ns.DataForms) is { } x ? read.Filtered(DataForm.Read(x)!) : read;
    }

    /// <summary>The fields of a query (§4.1.5).</summary>
    public static Element Form()
    {
        var form = new DataForm("form", Ns.Archive,
        [
            new("with", [], "jid-single"),
            new("start", [], "text-single"),
            new("end", [], "text-single"),
            new("before-id", [], "text-single"),
            new("after-id", [], "text-single"),
            new("ids", [], "list-multi"),
            new("include-groupchat", [], "boolean"),
        ]).ToElement();
        form.First(field => field["var"] == "ids").Add(
            new Element("validate", "http://jabber.org/protocol/xdata-validate").Set("datatype", "xs:string").Add(new Element("open", "http://jabber.org/protocol/xdata-validate")));
        return new Element("query", Ns.Archive).Add(form);
    }

    private ArchiveQuery Filtered(DataForm form)
    {
        if (form.FormType != Ns.Archive)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, $"The FORM_TYPE of a query is {Ns.Archive}.");
        }

        return form.Fields.Aggregate(this, static (query, field) => query.Filtered(field));
    }

    private ArchiveQuery Filtered(FormField field) => field.Variable switch
    {
        "with" => this with { With = Address(One(field)) },
        "start" => this with { Start = Time(One(field)) },
        "end" => this with { End = Time(One(field)) },
        "after-id" => this with { Behind = [.. Behind, One(field)] },
        "before-id" => this with { Before = [.. Before, One(field)] },
        "ids" when field.Values.Count <= MaxIds => this with { Ids = field.Values },
        "ids" => throw new StanzaErrorException(StanzaCondition.PolicyViolation, $"At most {MaxIds} messages are asked for one by one."),
        // Nothing said in a room is in a person's archive, asked for or not (§4.1.4).
        "include-groupchat" when One(field) is "true" or "1" or "false" or "0" => this,
        "include-groupchat" => throw new StanzaErrorException(StanzaCondition.BadRequest, "include-groupchat is true or false."),
        _ => throw new StanzaErrorException(StanzaCondition.FeatureNotImplemented, $"The field {Shortened(field.Variable)} is not served here."),
    };

    private static string One(FormField field) => field.Values.Count == 1
        ? field.Values[0]
        : throw new StanzaErrorException(StanzaCondition.BadRequest, $"The field {field.Variable} has one value.");

    private static Jid Address(string text) => Jid.TryParse(text, out var jid)
        ? jid
        : throw new StanzaErrorException(StanzaCondition.JidMalformed, "'with' is not a valid XMPP address.");

    private static DateTimeOffset Time(string text) =>
        DateTimePattern().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "A time is written like 2026-01-31T12:00:00Z (XEP-0082).");

    // However many are asked for, a page has no more than it has.
    private static int? Number(string? text) => text is null
        ? null
        : text.Trim() is { Length: > 0 } digits && digits.All(char.IsAsciiDigit)
            ? int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue
            : throw new StanzaErrorException(StanzaCondition.BadRequest, "The max of a page is a number.");

    private static string Shortened(string name) => name.Length > 100 ? name[..100] : name;

    // XEP-0082 §3.2
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture)]
    private static partial Regex DateTimePattern();
}
