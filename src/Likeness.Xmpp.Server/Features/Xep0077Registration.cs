using Likeness.Accounts;
using Likeness.Limits;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0077 In-Band Registration: new accounts, by invitation unless the operator opens it to all; another password, the account's end.</summary>
internal sealed class Xep0077Registration(AccountBook book, AccountClosing closing, XmppServerOptions options) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        if (options.Registration == Registration.Closed)
        {
            return;
        }

        registry.ServerFeatures.Add(Ns.Register);
        registry.EarlyStreamFeatures.Add(() => new Element("register", Ns.RegisterFeature));
        registry.EarlyIqs.Add(Ns.Register, Early);
        registry.OnServerIq("get", "query", Ns.Register, request => new(State(request)));
        registry.OnServerIq("set", "query", Ns.Register, Change);
        registry.OnOwnIq("get", "query", Ns.Register, request => new(State(request)));
        registry.OnOwnIq("set", "query", Ns.Register, Change);
    }

    private async ValueTask<Element?> Early(EarlyIqRequest request)
    {
        var invitation = request.Talk.Invitation;
        if (options.Registration != Registration.Open && invitation is null)
        {
            throw new StanzaErrorException(StanzaCondition.NotAllowed, "Accounts are opened by invitation here.");
        }

        switch (request.Stanza["type"])
        {
            case "get":
                return new Element("query", Ns.Register)
                    .Add("instructions", invitation?.Name is null ? "Choose a user name and a password." : "Choose a password.")
                    .Add("username", invitation?.Name ?? "")
                    .Add(new Element("password", Ns.Register));
            case "set":
                ClientKey? client = options.IsDevelopment(request.Address) ? null : ClientKey.Of(request.Address);
                await Act(book.Register(Text(request.Payload, "username"), request.Domain, Text(request.Payload, "password"), client, invitation is { Token: var token } ? InvitationToken.HashOf(token) : null).AsTask());
                return null;
            default:
                throw new StanzaErrorException(StanzaCondition.BadRequest);
        }
    }

    private static Element State(IqRequest request) => new Element("query", Ns.Register)
        .Add(new Element("registered", Ns.Register))
        .Add("username", Owner(request).Jid.Local!)
        .Add(new Element("password", Ns.Register));

    private async ValueTask<Element?> Change(IqRequest request)
    {
        var account = Owner(request);
        if (request.Payload.Child("remove") is not null)
        {
            await closing.Close(request.Session!);
            return null;
        }

        // XEP-0077 §3.3: the name says whose password; it can only be one's own.
        var name = Text(request.Payload, "username");
        if (!Jid.TryParse($"{name}@{account.Jid.Domain}", out var named) || named != account.Jid)
        {
            throw new StanzaErrorException(StanzaCondition.NotAllowed, "Only the own password can be changed.");
        }

        await Act(book.ChangePassword(account.Identity, Text(request.Payload, "password"), chosen: true).AsTask());
        return null;
    }

    private static async ValueTask Act(Task act)
    {
        try
        {
            await act;
        }
        catch (AccountRefusedException refused)
        {
            throw new StanzaErrorException(ConditionOf(refused.Reason), refused.Message);
        }
    }

    private static StanzaCondition ConditionOf(AccountRefusal reason) => reason switch
    {
        AccountRefusal.Taken => StanzaCondition.Conflict,
        AccountRefusal.NoAccount => StanzaCondition.ItemNotFound,
        AccountRefusal.Invitation => StanzaCondition.NotAllowed,
        AccountRefusal.TooMany => StanzaCondition.ResourceConstraint,
        _ => StanzaCondition.NotAcceptable,
    };

    private static Account Owner(IqRequest request) => request.Session is { } session && (request.Target is null || request.IsOwn)
        ? session.Account
        : throw new StanzaErrorException(StanzaCondition.Forbidden);

    private static string Text(Element query, string field) => query.Child(field)?.Text() is { Length: > 0 } text
        ? text
        : throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"The {field} is missing.");
}
