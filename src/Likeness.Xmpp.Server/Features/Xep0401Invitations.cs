using System.Globalization;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0401 Ad-hoc Account Invitation Generation 0.6.0: people invite by a link, whoever opens it becomes a contact of theirs (XEP-0379 0.3.3), and may open
/// an account where the operator lets people decide that. Administrators invite people to open accounts.
/// </summary>
internal sealed class Xep0401Invitations(
    InvitationBook book,
    InvitationLinks links,
    AccountDirectory directory,
    RosterChanges changes,
    SubscriptionPresence exchange,
    RoleBook roles,
    XmppServerOptions options) : IFeature, IAdHocCommands, IAccountListener
{
    private const string Prefix = "urn:xmpp:invite#";

    public IEnumerable<AdHocCommand> Commands =>
    [
        new($"{Prefix}invite", "Invite somebody", _ => true, Invite),
        new($"{Prefix}create-account", "Invite somebody to open an account", asker => IsAdmin(asker) && options.Registration != Registration.Closed, CreateAccount),
    ];

    public void Register(FeatureRegistry registry) => registry.RequestAgreedTo.Add(IsInvited);

    ValueTask IAccountListener.OnClosing(Identity account) => default;

    ValueTask IAccountListener.OnClosed(Identity account) => default;

    /// <summary>Whoever invited and whoever came see each other from now on.</summary>
    async ValueTask IAccountListener.OnOpened(Identity account, Invitation invitation)
    {
        if (invitation.Inviter is { } inviter && await directory.Find(Jid.Parse(inviter.Value)) is { } host && await directory.Find(Jid.Parse(account.Value)) is { } guest)
        {
            await Befriend(host, guest.Jid);
            await Befriend(guest, host.Jid);
        }
    }

    private async ValueTask Befriend(Account account, Jid contact)
    {
        var made = await changes.Apply(
            account, contact, item => (item ?? new RosterItem { Contact = contact }) with { Subscription = Subscription.Both, Asking = false, PendingIn = null, Listed = true });
        exchange.After(account, contact, made);
    }

    // XEP-0379 §3.5
    private ValueTask<bool> IsInvited(Account account, Element request) => request.Child("preauth", Ns.PreAuthentication)?["token"] is { } token
        ? book.Befriend(account.Identity, token)
        : new(false);

    private ValueTask<CommandAnswer> Invite(CommandCall call) => Make(new InvitationWish(
        call.By.Domain, null, new Identity(call.By.BareText), ForContact: true, OpensAccount: MayOpenAccounts(call.By), call.By.BareText));

    private bool MayOpenAccounts(Jid person) => options.Registration != Registration.Closed && (options.PeopleInvite || IsAdmin(person));

    private bool IsAdmin(Jid person) => roles.IsOperator(person.BareText);

    private ValueTask<CommandAnswer> CreateAccount(CommandCall call)
    {
        if (call.Form is not { } form)
        {
            return new(CommandAnswer.Ask(new DataForm("form", null, [
                new FormField("username", [], "text-single", "The name of the account; empty: it is chosen by whoever opens it"),
                new FormField("roster-subscription", ["0"], "boolean", "Should you become contacts?")])));
        }

        return Make(new InvitationWish(
            call.Domain,
            form["username"] is { Length: > 0 } name ? name : null,
            form.Flag("roster-subscription") is true ? new Identity(call.By.BareText) : null,
            ForContact: false,
            OpensAccount: true,
            call.By.BareText));
    }

    private async ValueTask<CommandAnswer> Make(InvitationWish wish)
    {
        try
        {
            var (invitation, token) = await book.Create(wish);
            var fields = new List<FormField> { new("uri", [InvitationLinks.Chat(invitation, token)], "text-single", "For chat programs") };
            if (links.Page(token) is { } page)
            {
                fields.Add(new("landing-url", [page.AbsoluteUri], "text-single", "For everybody else"));
            }

            fields.Add(new("expire", [invitation.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)], "text-single", "Good until"));
            return CommandAnswer.Done(null, new DataForm("result", $"{Prefix}invitation", fields));
        }
        catch (AccountRefusedException refused)
        {
            return CommandAnswer.Failed(refused.Message);
        }
    }
}
