using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Rooms;

namespace Likeness.Xmpp.Server.Tests.Rooms;

public sealed class RoomConfigurationTests
{
    // XEP-0045 §16.5.3.
    private static readonly Dictionary<string, string> Registry = new()
    {
        ["muc#maxhistoryfetch"] = "text-single",
        ["muc#roomconfig_allowpm"] = "list-single",
        ["muc#roomconfig_allowinvites"] = "boolean",
        ["muc#roomconfig_changesubject"] = "boolean",
        ["muc#roomconfig_enablelogging"] = "boolean",
        ["muc#roomconfig_getmemberlist"] = "list-multi",
        ["muc#roomconfig_lang"] = "text-single",
        ["muc#roomconfig_maxusers"] = "list-single",
        ["muc#roomconfig_membersonly"] = "boolean",
        ["muc#roomconfig_moderatedroom"] = "boolean",
        ["muc#roomconfig_passwordprotectedroom"] = "boolean",
        ["muc#roomconfig_persistentroom"] = "boolean",
        ["muc#roomconfig_presencebroadcast"] = "list-multi",
        ["muc#roomconfig_publicroom"] = "boolean",
        ["muc#roomconfig_roomdesc"] = "text-single",
        ["muc#roomconfig_roomname"] = "text-single",
        ["muc#roomconfig_roomsecret"] = "text-private",
        ["muc#roomconfig_whois"] = "list-single",

        // Not registered; Prosody's name.
        ["muc#roomconfig_enablearchiving"] = "boolean",
    };

    [Fact]
    [Trait("Requirement", "U-27")]
    [Trait("Requirement", "M-46")]
    public void Every_field_has_the_name_and_the_type_of_the_registry()
    {
        var form = RoomConfigurationForm.Write(RoomConfiguration.Default, "form");

        form.FormType.ShouldBe("http://jabber.org/protocol/muc#roomconfig");
        form.Fields.ToDictionary(field => field.Variable, field => field.Type).ShouldBe(Registry.ToDictionary(entry => entry.Key, entry => (string?)entry.Value), ignoreOrder: true);
        form.Fields.Where(field => field.Type!.StartsWith("list", StringComparison.Ordinal)).ShouldAllBe(field => field.Values.All(value => field.Options.Contains(value)));
    }

    [Fact]
    [Trait("Requirement", "M-56")]
    public void What_is_kept_is_read_back_as_it_was()
    {
        var room = new RoomConfiguration
        {
            Title = "<Garden> & \"orchard\"",
            Description = "d",
            Language = "it",
            IsPersistent = true,
            IsPublic = true,
            IsModerated = true,
            IsMembersOnly = true,
            Password = "p",
            IsNonAnonymous = true,
            AllowSubject = true,
            AllowInvites = false,
            PrivateMessages = null,
            MaxOccupants = 7,
            IsLogged = true,
            IsArchived = false,
            History = 3,
            MemberList = Role.Visitor,
            ShownRoles = new HashSet<Role> { Role.Moderator },
        };

        RoomConfiguration.Read(room.Text).ShouldBe(room);
        RoomConfiguration.Read(room.Text).Text.ShouldBe(room.Text);
        RoomConfiguration.Read(RoomConfiguration.Default.Text).ShouldBe(RoomConfiguration.Default);
        room.ShouldNotBe(room with { History = 4 });
    }

    [Theory]
    [Trait("Requirement", "M-46")]
    [InlineData("roomconfig_whois", "nobody")]
    [InlineData("roomconfig_publicroom", "yes")]
    [InlineData("roomconfig_maxusers", "none")]
    [InlineData("roomconfig_maxusers", "0")]
    [InlineData("roomconfig_maxusers", "501")]
    [InlineData("roomconfig_presencebroadcast", "everybody")]
    [InlineData("roomconfig_passwordprotectedroom", "1")]
    [InlineData("maxhistoryfetch", "-1")]
    public void A_wrong_value_is_refused_and_its_field_named(string field, string value)
    {
        var refusal = Should.Throw<StanzaErrorException>(() => Submit(RoomConfiguration.Default, ($"muc#{field}", value)));

        refusal.Condition.ShouldBe(StanzaCondition.NotAcceptable);
        refusal.Message.ShouldContain(field == "roomconfig_passwordprotectedroom" ? "roomsecret" : $"muc#{field}");
    }

    [Fact]
    [Trait("Requirement", "M-46")]
    public void What_is_not_named_stays_and_other_servers_names_are_understood()
    {
        var room = Submit(RoomConfiguration.Default with { Title = "T", Password = "p" }, ("mam", "0"), ("muc#roomconfig_historylength", "5"), ("unknown", "x"));

        room.ShouldBe(RoomConfiguration.Default with { Title = "T", Password = "p", IsArchived = false, History = 5 });
        Submit(room, ("muc#roomconfig_passwordprotectedroom", "0")).Password.ShouldBeNull();
        Submit(room, ("muc#maxhistoryfetch", "100000")).History.ShouldBe(RoomConfigurationForm.MaxHistory);
    }

    [Theory]
    [Trait("Requirement", "M-2")]
    [InlineData("Juliet", "JULIET", true)]
    [InlineData("Juliet  Capulet ", "juliet capulet", true)]
    [InlineData("juliet\u00A0capulet", "Juliet Capulet", true)]
    [InlineData("jul\u200Biet", "juliet", true)]
    [InlineData("ｊｕｌｉｅｔ", "juliet", true)]
    [InlineData("julia", "juliet", false)]
    [InlineData("juliet1", "juliet 1", false)]
    public void Nicks_that_look_alike_are_one(string one, string other, bool areOne) =>
        (Occupants.KeyOf(one) == Occupants.KeyOf(other)).ShouldBe(areOne);

    private static RoomConfiguration Submit(RoomConfiguration room, params (string Field, string Value)[] values) =>
        RoomConfigurationForm.Apply(room, new DataForm("submit", RoomConfigurationForm.FormType, [.. values.Select(value => FormField.Of(value.Field, value.Value))]), 500);
}
