using System.Collections.Frozen;
using System.Globalization;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Node options as data forms: node_config and publish-options (XEP-0060 §7.1.5, §8.2; XEP-0004).</summary>
internal static class NodeForm
{
    private const string Prefix = "pubsub#";

    // Options that every node here has the same value of.
    private static readonly FrozenDictionary<string, string> Fixed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["deliver_notifications"] = "1",
        ["deliver_payloads"] = "1",
        ["notification_type"] = "headline",
        ["notify_config"] = "0",
        ["notify_delete"] = "1",
        ["notify_retract"] = "1",
        ["notify_sub"] = "0",
        ["presence_based_delivery"] = "1",
        ["publish_model"] = "publishers",
        ["purge_offline"] = "0",
        ["subscribe"] = "1",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Descriptive = FrozenSet.Create(StringComparer.Ordinal, "title", "description", "type", "language");

    /// <summary>The form inside <paramref name="parent"/>, if it is a submission of this type; null when there is none.</summary>
    public static Element? Submission(Element? parent, string formType)
    {
        var form = parent?.Child("x", Ns.DataForms);
        var type = form?.FirstOrDefault(field => field["var"] == "FORM_TYPE");
        if (form is null || form["type"] is not (null or "submit"))
        {
            return null;
        }

        return type is null || Value(type) == formType
            ? form
            : throw new StanzaErrorException(StanzaCondition.BadRequest, $"The form's FORM_TYPE is not {formType}.");
    }

    /// <summary>The options with the form's values put in; a field that is unknown or cannot have its value is refused.</summary>
    public static NodeOptions Apply(Element form, NodeOptions options, Func<string, StanzaErrorException> refuse)
    {
        foreach (var field in form)
        {
            if (field.Is("field", Ns.DataForms) && field["var"] is { } name && name != "FORM_TYPE")
            {
                options = name.StartsWith(Prefix, StringComparison.Ordinal) ? Apply(field, name[Prefix.Length..], options) ?? throw refuse(name) : throw refuse(name);
            }
        }

        return options;
    }

    /// <param name="type"><c>form</c> or <c>result</c>.</param>
    public static Element Describe(NodeOptions options, string type)
    {
        var form = new Element("x", Ns.DataForms).Set("type", type)
            .Add(Field("FORM_TYPE", "hidden", Ns.PubSubNodeConfig))
            .Add(Choice("access_model", Name(options.Access), "open", "presence", "roster", "whitelist"))
            .Add(Field(Prefix + "persist_items", "boolean", options.Persist ? "1" : "0"))
            .Add(Field(Prefix + "max_items", "text-single", options.MostItems == int.MaxValue ? "max" : options.MostItems.ToString(CultureInfo.InvariantCulture)))
            .Add(Choice("send_last_published_item", options.SendLast, "never", "on_sub", NodeOptions.OnPresence))
            .Add(Field(Prefix + "roster_groups_allowed", "list-multi", options.RosterGroups?.Split('\n') ?? []));
        foreach (var (name, value) in Fixed)
        {
            form.Add(Field(Prefix + name, value is "0" or "1" ? "boolean" : "text-single", value));
        }

        return form;
    }

    public static string Name(AccessModel access) => access switch
    {
        AccessModel.Open => "open",
        AccessModel.Presence => "presence",
        AccessModel.Roster => "roster",
        _ => "whitelist",
    };

    private static NodeOptions? Apply(Element field, string name, NodeOptions options)
    {
        var value = Value(field);
        return name switch
        {
            "access_model" => Access(value) is { } access ? options with { Access = access } : null,
            "persist_items" => Boolean(value) is { } persist ? options with { Persist = persist } : null,
            "max_items" => MostItems(value) is { } most ? options with { MostItems = most } : null,
            "send_last_published_item" => value is "never" or "on_sub" or NodeOptions.OnPresence ? options with { SendLast = value } : null,
            "roster_groups_allowed" => options with { RosterGroups = Groups(field) },
            _ when Descriptive.Contains(name) => options,
            _ => Fixed.TryGetValue(name, out var only) && (value == only || (Boolean(value) is { } flag && (flag ? "1" : "0") == only)) ? options : null,
        };
    }

    private static AccessModel? Access(string value) => value switch
    {
        "open" => AccessModel.Open,
        "presence" => AccessModel.Presence,
        "roster" => AccessModel.Roster,
        "whitelist" => AccessModel.Whitelist,
        _ => null,
    };

    private static bool? Boolean(string value) => value switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => null,
    };

    private static int? MostItems(string value)
    {
        if (value == "max")
        {
            return int.MaxValue;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0 ? most : null;
    }

    private static string? Groups(Element field)
    {
        var groups = string.Join('\n', field.Where(child => child.Name == "value").Select(child => child.Text()).Where(group => group.Length > 0));
        return groups.Length == 0 ? null : groups;
    }

    private static string Value(Element field) => field.Child("value")?.Text().Trim() ?? "";

    private static Element Choice(string name, string value, params ReadOnlySpan<string> choices)
    {
        var field = Field(Prefix + name, "list-single", value);
        foreach (var choice in choices)
        {
            field.Add(new Element("option", Ns.DataForms).Add("value", choice));
        }

        return field;
    }

    private static Element Field(string name, string type, params ReadOnlySpan<string> values)
    {
        var field = new Element("field", Ns.DataForms).Set("var", name).Set("type", type);
        foreach (var value in values)
        {
            field.Add("value", value);
        }

        return field;
    }
}
