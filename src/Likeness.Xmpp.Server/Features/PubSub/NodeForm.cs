using System.Collections.Frozen;
using System.Globalization;
using Likeness.Xmpp.Payloads;
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
    public static DataForm? Submission(Element? parent, string formType)
    {
        if (parent is null || DataForm.Find(parent) is not { } form || form.Type == "cancel")
        {
            return null;
        }

        return form.FormType is null || form.FormType == formType
            ? form
            : throw new StanzaErrorException(StanzaCondition.BadRequest, $"The form's FORM_TYPE is not {formType}.");
    }

    /// <summary>The options with the form's values put in; a field that is unknown or cannot have its value is refused.</summary>
    public static NodeOptions Apply(DataForm form, NodeOptions options, Func<string, StanzaErrorException> refuse)
    {
        foreach (var field in form.Fields)
        {
            var isOption = field.Variable.StartsWith(Prefix, StringComparison.Ordinal);
            options = (isOption ? Apply(form, field, options) : null) ?? throw refuse(field.Variable);
        }

        return options;
    }

    /// <param name="type"><c>form</c> or <c>result</c>.</param>
    public static Element Describe(NodeOptions options, string type)
    {
        var most = options.MaxItems == int.MaxValue ? "max" : options.MaxItems.ToString(CultureInfo.InvariantCulture);
        return new DataForm(type, Ns.PubSubNodeConfig,
        [
            Field("access_model", "list-single", Name(options.Access)) with { Options = ["open", "presence", "roster", "whitelist"] },
            Field("persist_items", "boolean", options.Persist ? "1" : "0"),
            Field("max_items", "text-single", most),
            Field("send_last_published_item", "list-single", options.SendLast) with { Options = ["never", "on_sub", NodeOptions.OnPresence] },
            Field("roster_groups_allowed", "list-multi", options.RosterGroups?.Split('\n') ?? []),
            .. Fixed.Select(option => Field(option.Key, option.Value is "0" or "1" ? "boolean" : "text-single", option.Value)),
        ]).ToElement();
    }

    public static string Name(AccessModel access) => access switch
    {
        AccessModel.Open => "open",
        AccessModel.Presence => "presence",
        AccessModel.Roster => "roster",
        _ => "whitelist",
    };

    private static NodeOptions? Apply(DataForm form, FormField field, NodeOptions options)
    {
        var name = field.Variable[Prefix.Length..];
        var value = field.Value?.Trim() ?? "";
        var flag = form.Flag(field.Variable);
        return name switch
        {
            "access_model" => Access(value) is { } access ? options with { Access = access } : null,
            "persist_items" => flag is { } persist ? options with { Persist = persist } : null,
            "max_items" => MaxItems(value) is { } most ? options with { MaxItems = most } : null,
            "send_last_published_item" => value is "never" or "on_sub" or NodeOptions.OnPresence ? options with { SendLast = value } : null,
            "roster_groups_allowed" => options with { RosterGroups = Groups(field) },
            _ when Descriptive.Contains(name) => options,
            _ => Fixed.GetValueOrDefault(name) is { } only && (value == only || (flag is { } set && (set ? "1" : "0") == only)) ? options : null,
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

    private static int? MaxItems(string value)
    {
        if (value == "max")
        {
            return int.MaxValue;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0 ? most : null;
    }

    private static string? Groups(FormField field)
    {
        var groups = string.Join('\n', field.Values.Where(group => group.Length > 0));
        return groups.Length == 0 ? null : groups;
    }

    private static FormField Field(string name, string type, params string[] values) => new(Prefix + name, values, type);
}
