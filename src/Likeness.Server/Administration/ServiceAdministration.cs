using System.Globalization;
using Likeness.Accounts;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Features;

namespace Likeness.Server.Administration;

/// <summary>XEP-0133 Service Administration 1.3.1: operations as forms in the chat clients of the operators.</summary>
internal sealed class ServiceAdministration(Func<OperationContext> context, RoleBook roles) : IAdHocCommands
{
    private const string Prefix = "http://jabber.org/protocol/admin#";
    private const string FormType = "http://jabber.org/protocol/admin";
    private const int MaxListed = 1000;
    private const int MaxAddresses = 100;
    private static readonly string[] Lengths = ["25", "50", "100", "250", "1000"];

    private static readonly FormField Account = Field("accountjid", "jid-single", "The account's address");
    private static readonly FormField Accounts = Field("accountjids", "jid-multi", "The accounts' addresses");
    private static readonly FormField[] Password = [Field("password", "text-private", "Its password"), Field("password-verify", "text-private", "Its password again")];
    private static readonly FormField Length = Field("max_items", "list-single", "How many, at most") with { Values = ["25"], Options = Lengths, IsRequired = false };

    private static readonly FormField[] Motd = [Field("subject", "text-single", "Subject") with { IsRequired = false }, Field("motd", "text-multi", "What everybody is told once, when they come")];

    public IEnumerable<AdHocCommand> Commands =>
    [
        Command("add-user", "Add a user", [Account, .. Password], (form, _) => new AddUser(form["accountjid"]!, Repeated(form))),
        Command("delete-user", "Delete users", [Accounts], form => form.Field("accountjids")!.Values, RemoveOne),
        Command("disable-user", "Disable users", [Accounts], form => form.Field("accountjids")!.Values, DisableOne),
        Command("reenable-user", "Enable users again", [Accounts], form => form.Field("accountjids")!.Values, (address, _) => new EnableUser(address)),
        Command("change-user-password", "Change a user's password", [Account, .. Password], (form, _) => new ChangePassword(form["accountjid"]!, Repeated(form))),
        Command("end-user-session", "End sessions of users", [Accounts], form => form.Field("accountjids")!.Values, (address, _) => new EndSessions(address)),
        Shown("get-registered-users-num", "How many accounts there are", "registeredusersnum", domain => new ListUsers(domain)),
        Shown("get-disabled-users-num", "How many accounts are disabled", "disabledusersnum", domain => new ListUsers(domain, IsDisabled: true)),
        Shown("get-online-users-num", "How many people are online", "onlineusersnum", domain => new ListOnline(domain)),
        Listed("get-registered-users-list", "The accounts", "registereduserjids", domain => new ListUsers(domain)),
        Listed("get-disabled-users-list", "The accounts that are disabled", "disableduserjids", domain => new ListUsers(domain, IsDisabled: true)),
        Listed("get-online-users-list", "Who is online", "onlineuserjids", domain => new ListOnline(domain)),
        Command("announce", "Tell everybody who is online", [Field("subject", "text-single", "Subject") with { IsRequired = false }, Field("announcement", "text-multi", "What to say")],
            (form, call) => new Announce(call.Domain, Subject(form), string.Join('\n', form.Field("announcement")!.Values))),
        Command("set-motd", "Set the message of the day", Motd, (form, call) => new SetMessageOfTheDay(call.Domain, Subject(form), string.Join('\n', form.Field("motd")!.Values), IsEdited: false)),
        Command("edit-motd", "Edit the message of the day", Motd, (form, call) => new SetMessageOfTheDay(call.Domain, Subject(form), string.Join('\n', form.Field("motd")!.Values), IsEdited: true)),
        new AdHocCommand(Prefix + "delete-motd", "Delete the message of the day", IsAdmin, call => Carry(call, () => new RemoveMessageOfTheDay(call.Domain))),
    ];

    // Whoever asks could not be answered any more.
    private static RemoveUser RemoveOne(string address, CommandCall call) => address == call.By.Text
        ? throw new OperationRefusedException("Your own account is not removed this way; your client can do it.")
        : new RemoveUser(address);

    private static DisableUser DisableOne(string address, CommandCall call) => address == call.By.Text
        ? throw new OperationRefusedException("Your own account is not disabled this way: nobody could enable it by chat.")
        : new DisableUser(address, Reason: null);

    private static string? Subject(DataForm form) => form["subject"] is { Length: > 0 } subject ? subject : null;

    private static string Repeated(DataForm form) => form["password"] == form["password-verify"]
        ? form["password"]!
        : throw new OperationRefusedException("The two passwords are not the same.");

    private AdHocCommand Command(string node, string name, FormField[] fields, Func<DataForm, CommandCall, Operation> operation) =>
        Form(node, name, fields, (form, call) => Carry(call, () => operation(form, call)));

    // One after the other; the first that is refused ends it, and what was done before is said.
    private AdHocCommand Command(string node, string name, FormField[] fields, Func<DataForm, IReadOnlyList<string>> each, Func<string, CommandCall, Operation> operation) =>
        Form(node, name, fields, async (form, call) =>
        {
            var addresses = each(form).Distinct(StringComparer.Ordinal).ToArray();
            if (addresses.Length > MaxAddresses)
            {
                return CommandAnswer.Failed($"At most {MaxAddresses} addresses at once.");
            }

            var said = new List<string>();
            foreach (var address in addresses)
            {
                var answer = await Carry(call, () => operation(address, call));
                said.Add(answer.Note!);
                if (answer.IsError)
                {
                    return CommandAnswer.Failed(string.Join(' ', said));
                }
            }

            return CommandAnswer.Done(string.Join(' ', said));
        });

    private AdHocCommand Shown(string node, string name, string field, Func<string, Operation> operation) => new(Prefix + node, name, IsAdmin, async call =>
    {
        var answer = await Run(call, operation(call.Domain));
        return CommandAnswer.Done(null, new DataForm("result", FormType, [new FormField(field, [Text(answer.Accounts!.Count)], "text-single", name)]));
    });

    private AdHocCommand Listed(string node, string name, string field, Func<string, Operation> operation) => Form(node, name, [Length], async (form, call) =>
    {
        var answer = await Run(call, operation(call.Domain));
        var most = int.TryParse(form["max_items"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, MaxListed) : MaxListed;
        var shown = answer.Accounts!.Take(most).ToArray();
        var note = shown.Length < answer.Accounts!.Count ? $"{Text(shown.Length)} of {Text(answer.Accounts.Count)}." : null;
        return CommandAnswer.Done(note, new DataForm("result", FormType, [new FormField(field, shown, "jid-multi", name)]));
    });

    private AdHocCommand Form(string node, string name, FormField[] fields, Func<DataForm, CommandCall, ValueTask<CommandAnswer>> done) => new(Prefix + node, name, IsAdmin, async call =>
    {
        if (call.Form is not { } form)
        {
            return CommandAnswer.Ask(new DataForm("form", FormType, fields) { Title = name });
        }

        if (fields.FirstOrDefault(field => field.IsRequired && form[field.Variable] is not { Length: > 0 }) is { } missing)
        {
            throw new StanzaErrorException(
                StanzaCondition.BadRequest, $"The field {missing.Variable} is missing.", new Xmpp.Xml.Element("bad-payload", Ns.Commands));
        }

        try
        {
            return await done(form, call);
        }
        catch (OperationRefusedException refusal)
        {
            return CommandAnswer.Failed(refusal.Message);
        }
    });

    private bool IsAdmin(Jid asker) => roles.IsOperator(asker.BareText);

    private async ValueTask<CommandAnswer> Carry(CommandCall call, Func<Operation> operation)
    {
        try
        {
            return CommandAnswer.Done((await Run(call, operation())).Text);
        }
        catch (OperationRefusedException refusal)
        {
            return CommandAnswer.Failed(refusal.Message);
        }
    }

    private Task<Answer> Run(CommandCall call, Operation operation) => operation.Carry(context() with { By = call.By.Text }, CancellationToken.None);

    private static FormField Field(string name, string type, string label) => new(name, [], type, label) { IsRequired = true };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
