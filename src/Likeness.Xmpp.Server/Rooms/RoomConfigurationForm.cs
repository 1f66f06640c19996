using System.Globalization;
using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>The form of <c>muc#roomconfig</c>, with the names and types of the registry (XEP-0045 §16.5.3).</summary>
internal static class RoomConfigurationForm
{
    public const string FormType = "http://jabber.org/protocol/muc#roomconfig";
    public const int MaxHistory = 100;
    private const string Prefix = "muc#roomconfig_";
    private const string History = "maxhistoryfetch";

    private static readonly Field[] Fields =
    [
        Text("roomname", "text-single", "Name of the room", room => room.Title, (room, value) => room with { Title = Within(value, RoomConfiguration.MaxTitle) }),
        Text("roomdesc", "text-single", "Description", room => room.Description, (room, value) => room with { Description = Within(value, RoomConfiguration.MaxDescription) }),
        Text("lang", "text-single", "Language of the conversation", room => room.Language, (room, value) => room with { Language = Within(value, 35) }),
        Flag("persistentroom", "Keep the room when the last occupant leaves", room => room.IsPersistent, (room, value) => room with { IsPersistent = value }),
        Flag("publicroom", "List the room publicly", room => room.IsPublic, (room, value) => room with { IsPublic = value }),
        Flag("moderatedroom", "Only occupants with voice may speak", room => room.IsModerated, (room, value) => room with { IsModerated = value }),
        Flag("membersonly", "Only members may enter", room => room.IsMembersOnly, (room, value) => room with { IsMembersOnly = value }),
        Flag("passwordprotectedroom", "A password is needed to enter", room => room.Password is not null, (room, value) => room with { Password = value ? room.Password ?? "" : null }),
        Text("roomsecret", "text-private", "Password", room => room.Password ?? "", (room, value) => room.Password is null ? room : room with { Password = Within(value, RoomConfiguration.MaxPassword) }),
        Choice("whois", "list-single", "Who may see real addresses", ["moderators", "anyone"],
            room => [room.IsNonAnonymous ? "anyone" : "moderators"], (room, values) => room with { IsNonAnonymous = values[0] == "anyone" }),
        Flag("changesubject", "Occupants may change the subject", room => room.AllowSubject, (room, value) => room with { AllowSubject = value }),
        Flag("allowinvites", "Occupants may invite others", room => room.AllowInvites, (room, value) => room with { AllowInvites = value }),
        Choice("allowpm", "list-single", "Who may send private messages", ["anyone", "participants", "moderators", "none"],
            room => [RoleWord(room.PrivateMessages)], (room, values) => room with { PrivateMessages = RoleOf(values[0]) }),
        Choice("maxusers", "list-single", "Most occupants", ["10", "50", "100", "200", "500", "1000", "5000"],
            room => [Digits(room.MaxOccupants)], (room, values) => room with { MaxOccupants = Number(values[0], 1) }, isOpen: true),
        Flag("enablelogging", "Tell occupants that the conversation is published", room => room.IsLogged, (room, value) => room with { IsLogged = value }),
        Flag("enablearchiving", "Keep what is said", room => room.IsArchived, (room, value) => room with { IsArchived = value }, "mam"),
        Text(History, "text-single", "Messages shown to who enters", room => Digits(room.History), (room, value) => room with { History = Math.Min(Number(value, 0), MaxHistory) },
            "muc#roomconfig_maxhistoryfetch", "muc#roomconfig_historylength"),
        Choice("getmemberlist", "list-multi", "Who may read the list of members", ["moderator", "participant", "visitor"],
            room => [.. RolesFrom(room.MemberList)], (room, values) => room with { MemberList = values.Select(value => StandingWords.Role(value)!.Value).DefaultIfEmpty(Role.Moderator).Min() }),
        Choice("presencebroadcast", "list-multi", "Whose presence everybody is shown", ["moderator", "participant", "visitor"],
            room => [.. room.ShownRoles.OrderDescending().Select(role => role.Word())], (room, values) => room with { ShownRoles = values.Select(value => StandingWords.Role(value)!.Value).ToHashSet() }),
    ];

    /// <summary>The fields' names without what all of them begin with.</summary>
    public static IEnumerable<string> ShortNames => Fields.Select(entry => entry.Name);

    public static string ShortName(string variable) => variable[(variable.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix : "muc#").Length..];

    /// <summary>Null: there is no such field.</summary>
    public static string? Variable(string shortName) => Fields.FirstOrDefault(field => field.Name == shortName)?.Variable;

    /// <summary>The field takes several values.</summary>
    public static bool IsList(string shortName) => Fields.Any(field => field.Name == shortName && field.Type == "list-multi");

    public static DataForm Write(RoomConfiguration room, string type, bool isLabelled = true) =>
        new(type, FormType, [.. Fields.Select(field => field.Write(room, isLabelled))]);

    /// <summary>The configuration with what the form says; what it does not name stays.</summary>
    /// <param name="mostOccupants">What the service allows.</param>
    /// <exception cref="StanzaErrorException"><c>not-acceptable</c>: names the field whose value is none.</exception>
    public static RoomConfiguration Apply(RoomConfiguration room, DataForm form, int mostOccupants)
    {
        foreach (var field in Fields)
        {
            if (field.Find(form) is { } given)
            {
                room = Apply(room, field, given);
            }
        }

        if (room.MaxOccupants > mostOccupants)
        {
            throw NotAcceptable(Prefix + "maxusers", $"at most {Digits(mostOccupants)}");
        }

        return room.Password is "" ? throw NotAcceptable(Prefix + "roomsecret", "a room with a password needs one") : room;
    }

    private static RoomConfiguration Apply(RoomConfiguration room, Field field, FormField given)
    {
        try
        {
            return field.Take(room, given.Values);
        }
        catch (FormatException unusable)
        {
            throw NotAcceptable(field.Variable, unusable.Message);
        }
    }

    private static StanzaErrorException NotAcceptable(string field, string reason) =>
        new(StanzaCondition.NotAcceptable, $"{field}: {reason}.");

    private static Field Text(string name, string type, string label, Func<RoomConfiguration, string> read, Func<RoomConfiguration, string, RoomConfiguration> take, params string[] aliases) =>
        new(name, type, label, room => [read(room)], (room, values) => take(room, values.Count > 0 ? values[0] : ""), [], aliases);

    private static Field Flag(string name, string label, Func<RoomConfiguration, bool> read, Func<RoomConfiguration, bool, RoomConfiguration> take, params string[] aliases) =>
        new(name, "boolean", label, room => [read(room) ? "1" : "0"], (room, values) => take(room, IsTrue(values)), [], aliases);

    private static Field Choice(
        string name, string type, string label, string[] options, Func<RoomConfiguration, string[]> read, Func<RoomConfiguration, IReadOnlyList<string>, RoomConfiguration> take, bool isOpen = false) =>
        new(name, type, label, read, (room, values) => take(room, OneOf(options, values, isOpen, type == "list-multi")), options, []);

    private static bool IsTrue(IReadOnlyList<string> values) => values switch
    {
        ["1" or "true"] => true,
        ["0" or "false"] => false,
        _ => throw new FormatException("the value is 0 or 1"),
    };

    private static IReadOnlyList<string> OneOf(string[] options, IReadOnlyList<string> values, bool isOpen, bool isMulti) =>
        (isMulti || values.Count == 1) && (isOpen || values.All(options.Contains))
            ? values
            : throw new FormatException($"the value is one of {string.Join(", ", options)}");

    private static string Within(string value, int most) =>
        value.Length <= most ? value : throw new FormatException($"at most {Digits(most)} characters");

    private static int Number(string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"the value is a number of at least {Digits(least)}");

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string RoleWord(Role? least) => least switch
    {
        null => "none",
        Role.Moderator => "moderators",
        Role.Participant => "participants",
        _ => "anyone",
    };

    private static Role? RoleOf(string word) => word switch
    {
        "none" => null,
        "moderators" => Role.Moderator,
        "participants" => Role.Participant,
        _ => Role.Visitor,
    };

    private static IEnumerable<string> RolesFrom(Role least)
    {
        for (var role = Role.Moderator; role >= least; role--)
        {
            yield return role.Word();
        }
    }

    private sealed record Field(
        string Name,
        string Type,
        string Label,
        Func<RoomConfiguration, string[]> Read,
        Func<RoomConfiguration, IReadOnlyList<string>, RoomConfiguration> Take,
        string[] Options,
        string[] Aliases)
    {
        // The registry has one without the prefix.
        public string Variable => Name == History ? $"muc#{Name}" : Prefix + Name;

        public FormField? Find(DataForm form)
        {
            var given = form.Field(Variable);
            foreach (var alias in Aliases)
            {
                given ??= form.Field(alias);
            }

            return given;
        }

        public FormField Write(RoomConfiguration room, bool isLabelled) => isLabelled
            ? new FormField(Variable, Read(room), Type, Label) { Options = Options }
            : new FormField(Variable, Read(room));
    }
}
