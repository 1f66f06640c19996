using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>The configuration of a node, as far as it can differ (XEP-0060 §16.4.4).</summary>
/// <param name="MaxItems"><see cref="int.MaxValue"/> stands for <c>max</c>.</param>
/// <param name="SendLast"><c>never</c>, <c>on_sub</c> or <c>on_sub_and_presence</c>.</param>
/// <param name="RosterGroups">Groups allowed by the access model <c>roster</c>, one a line; null: every contact who sees our presence.</param>
internal sealed partial record NodeOptions(AccessModel Access, bool Persist, int MaxItems, string SendLast, string? RosterGroups)
{
    public const string Never = "never";
    public const string OnPresence = "on_sub_and_presence";

    /// <summary>Bytes of a payload.</summary>
    public const int MaxPayload = 128 * 1024;

    /// <summary>Items of one node, whatever its configuration says.</summary>
    public const int MaxItemsOfNode = 10_000;

    private const int MaxConfiguration = 16 * 1024;

    /// <summary>XEP-0163 §5: readable by contacts, one item, sent to whoever comes online.</summary>
    public static readonly NodeOptions PepDefault = new(AccessModel.Presence, true, 1, OnPresence, null);

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Type { get; init; }

    public string? Language { get; init; }

    public NodeRecord ToRecord(string node) => new(node, Access, Persist, MaxItems, SendLast, Configuration());

    public static NodeOptions Of(NodeRecord record)
    {
        var options = new NodeOptions(record.Access, record.Persist, record.MaxItems, record.SendLast, record.Configuration);
        if (record.Configuration is not ['{', ..])
        {
            return options;
        }

        var kept = JsonSerializer.Deserialize(record.Configuration, Json.Default.Kept)!;
        return options with { RosterGroups = kept.Groups, Title = kept.Title, Description = kept.Description, Type = kept.Type, Language = kept.Language };
    }

    /// <summary>Bytes of what has no column of its own are limited.</summary>
    public bool IsTooLong => Configuration() is { Length: > MaxConfiguration / 4 } text && System.Text.Encoding.UTF8.GetByteCount(text) > MaxConfiguration;

    private string? Configuration() => this is { RosterGroups: null, Title: null, Description: null, Type: null, Language: null }
        ? null
        : JsonSerializer.Serialize(new Kept(RosterGroups, Title, Description, Type, Language), Json.Default.Kept);

    internal sealed record Kept(string? Groups, string? Title, string? Description, string? Type, string? Language);

    [JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Kept))]
    private sealed partial class Json : JsonSerializerContext;
}

/// <summary>Node options as data forms: node_config, publish-options and meta-data (XEP-0060 §7.1.5, §8.2, §16.4; XEP-0004).</summary>
internal static class NodeForm
{
    private const string Prefix = "pubsub#";
    private static readonly string[] AccessModels = ["open", "presence", "roster", "whitelist"];
    private static readonly string[] SendLast = [NodeOptions.Never, "on_sub", NodeOptions.OnPresence];

    // Options that every node here has the same value of.
    private static readonly FormField[] Fixed =
    [
        Fix("deliver_notifications", "boolean", "1"),
        Fix("deliver_payloads", "boolean", "1"),
        Fix("item_expire", "text-single", "max"),
        Fix("itemreply", "list-single", "publisher"),
        Fix("max_payload_size", "text-single", NodeOptions.MaxPayload.ToString(CultureInfo.InvariantCulture)),
        Fix("node_type", "list-single", "leaf"),
        Fix("notification_type", "list-single", "headline"),
        Fix("notify_config", "boolean", "0"),
        Fix("notify_delete", "boolean", "1"),
        Fix("notify_retract", "boolean", "1"),
        Fix("notify_sub", "boolean", "0"),
        Fix("presence_based_delivery", "boolean", "1"),
        Fix("publish_model", "list-single", "publishers"),
        Fix("publish_node_full", "list-single", "discard-oldest"),
        Fix("purge_offline", "boolean", "0"),
        Fix("subscribe", "boolean", "1"),
        Fix("tempsub", "boolean", "0"),
    ];

    private static readonly FrozenDictionary<string, FormField> FixedByName = Fixed.ToFrozenDictionary(field => field.Variable, StringComparer.Ordinal);

    // Options that no node here has: saying nothing is the only value.
    private static readonly FrozenSet<string> Empty =
        FrozenSet.Create(StringComparer.Ordinal, "body_xslt", "children", "collection", "contact", "dataform_xslt");

    /// <summary>The form inside <paramref name="parent"/>, if it is a submission of this type; null when there is none.</summary>
    public static DataForm? Submission(Element? parent, string formType)
    {
        if (parent is null || DataForm.Find(parent) is not { } form || form.Type == "cancel")
        {
            return null;
        }

        return form.FormType is null || form.FormType == formType
            ? form
            : throw new StanzaErrorException(StanzaCondition.BadRequest, $"The form's FORM_TYPE is {form.FormType}, not {formType}.");
    }

    /// <summary>The options with the form's values put in; a field that is unknown or cannot have its value is refused.</summary>
    /// <param name="refuse">Makes the refusal of a field out of its name and a text that names it.</param>
    public static NodeOptions Apply(DataForm form, NodeOptions options, Func<string, string, StanzaErrorException> refuse)
    {
        foreach (var field in form.Fields)
        {
            var name = field.Variable.StartsWith(Prefix, StringComparison.Ordinal) ? field.Variable[Prefix.Length..] : "";
            options = Apply(form, field, name, options)
                ?? throw refuse(name, $"{field.Variable} cannot be '{string.Join(", ", field.Values)}'{Choices(name)}.");
            if (options.IsTooLong)
            {
                throw refuse(name, $"{field.Variable} is too long.");
            }
        }

        return options;
    }

    /// <summary>What is different, for an error's text; null when nothing is.</summary>
    public static string? Difference(NodeOptions present, NodeOptions wanted)
    {
        foreach (var (has, shall) in Variable(present).Zip(Variable(wanted)))
        {
            if (!has.Values.SequenceEqual(shall.Values, StringComparer.Ordinal))
            {
                return $"{has.Variable} is '{string.Join(", ", has.Values)}', not '{string.Join(", ", shall.Values)}'";
            }
        }

        return null;
    }

    /// <summary>The whole configuration.</summary>
    /// <param name="type"><c>form</c> or <c>result</c>.</param>
    public static Element Describe(NodeOptions options, string type) =>
        new DataForm(type, Ns.PubSubNodeConfig, [.. Variable(options), .. Fixed]).ToElement();

    /// <summary>What everybody who may read the node may know of it (XEP-0060 §5.4).</summary>
    public static Element Metadata(NodeOptions options, Jid owner) => new DataForm(
        "result",
        Ns.PubSubMetadata,
        [
            .. Variable(options).Where(field => field.Values.Count > 0 && field.Variable is not (Prefix + "roster_groups_allowed")),
            Field("publish_model", "list-single", "publishers"),
            Field("owner", "jid-multi", owner.BareText),
        ]).ToElement();

    private static FormField[] Variable(NodeOptions options) =>
    [
        Field("title", "text-single", options.Title) with { Label = "A friendly name for the node" },
        Field("description", "text-single", options.Description) with { Label = "A description of the node" },
        Field("type", "text-single", options.Type) with { Label = "The type of the payloads, usually their namespace" },
        Field("language", "list-single", options.Language) with { Label = "The default language of the node", Options = options.Language is { } language ? [language] : [] },
        Field("access_model", "list-single", Name(options.Access)) with { Label = "Who may subscribe and retrieve items", Options = AccessModels },
        Field("roster_groups_allowed", "list-multi", options.RosterGroups?.Split('\n') ?? []) with { Label = "The roster groups allowed to subscribe and retrieve items" },
        Field("persist_items", "boolean", options.Persist ? "1" : "0") with { Label = "Whether to persist items to storage" },
        Field("max_items", "text-single", options.MaxItems == int.MaxValue ? "max" : options.MaxItems.ToString(CultureInfo.InvariantCulture))
            with { Label = $"How many items are kept: at most {NodeOptions.MaxItemsOfNode}, or max" },
        Field("send_last_published_item", "list-single", options.SendLast) with { Label = "When to send the last published item", Options = SendLast },
    ];

    private static NodeOptions? Apply(DataForm form, FormField field, string name, NodeOptions options)
    {
        var value = field.Value?.Trim() ?? "";
        return name switch
        {
            "access_model" => Access(value) is { } access ? options with { Access = access } : null,
            "persist_items" => form.Flag(field.Variable) is { } persist ? options with { Persist = persist } : null,
            "max_items" => MaxItems(value) is { } most ? options with { MaxItems = most } : null,
            "send_last_published_item" => SendLast.Contains(value, StringComparer.Ordinal) ? options with { SendLast = value } : null,
            "roster_groups_allowed" => options with { RosterGroups = Groups(field) },
            "title" => options with { Title = TextOrNull(field) },
            "description" => options with { Description = TextOrNull(field) },
            "type" => options with { Type = TextOrNull(field) },
            "language" => options with { Language = TextOrNull(field) },
            _ => HasFixedValue(form, field, name, value) ? options : null,
        };
    }

    private static bool HasFixedValue(DataForm form, FormField field, string name, string value)
    {
        if (!FixedByName.TryGetValue(Prefix + name, out var fix))
        {
            return Empty.Contains(name) && field.Values.All(string.IsNullOrWhiteSpace);
        }

        return fix.Type == "boolean" ? form.Flag(field.Variable) is { } flag && (flag ? "1" : "0") == fix.Value : value == fix.Value;
    }

    private static string Choices(string name) => name switch
    {
        "access_model" => $"; one of {string.Join(", ", AccessModels)}",
        "send_last_published_item" => $"; one of {string.Join(", ", SendLast)}",
        "max_items" => $"; 1 to {NodeOptions.MaxItemsOfNode}, or max",
        "persist_items" => "; true or false",
        _ when FixedByName.TryGetValue(Prefix + name, out var only) => $"; every node has '{only.Value}'",
        _ when Empty.Contains(name) => "; no node has one",
        _ => "; there is no such option",
    };

    private static string Name(AccessModel access) => access switch
    {
        AccessModel.Open => "open",
        AccessModel.Presence => "presence",
        AccessModel.Roster => "roster",
        _ => "whitelist",
    };

    private static AccessModel? Access(string value) => value switch
    {
        "open" => AccessModel.Open,
        "presence" => AccessModel.Presence,
        "roster" => AccessModel.Roster,
        "whitelist" => AccessModel.Whitelist,
        _ => null,
    };

    private static int? MaxItems(string value)
    {
        if (value == "max")
        {
            return int.MaxValue;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is > 0 and <= NodeOptions.MaxItemsOfNode ? most : null;
    }

    private static string? Groups(FormField field)
    {
        var groups = string.Join('\n', field.Values.Where(group => group.Length > 0));
        return groups.Length == 0 ? null : groups;
    }

    private static string? TextOrNull(FormField field) => string.IsNullOrWhiteSpace(field.Value) ? null : field.Value;

    private static FormField Field(string name, string type, params string?[] values) =>
        new(Prefix + name, [.. values.OfType<string>()], type);

    private static FormField Fix(string name, string type, string value) =>
        Field(name, type, value) with { Options = type == "list-single" ? [value] : [] };
}
