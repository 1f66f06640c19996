using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0077 In-Band Registration: new accounts, another password, the account's end. Off unless the operator opens it (C-155).</summary>
internal sealed class Xep0077Registration(AccountOpening opening, AccountClosing closing, XmppServerOptions options) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        if (!options.OpenRegistration)
        {
            return;
        }

        registry.ServerFeatures.Add(Ns.Register);
        registry.EarlyStreamFeatures.Add(() => new Element("register", Ns.RegisterFeature));
        registry.EarlyIqs.Add(Ns.Register, Early);
        registry.OnServerIq("get", "query", Ns.Register, request => new(State(request)));
        registry.OnServerIq("set", "query", Ns.Register, Change);
        registry.OnAccountIq("get", "query", Ns.Register, request => new(State(request)));
        registry.OnAccountIq("set", "query", Ns.Register, Change);
    }

    private async ValueTask<Element?> Early(EarlyIqRequest request)
    {
        switch (request.Stanza["type"])
        {
            case "get":
                return new Element("query", Ns.Register)
                    .Add("instructions", "Choose a user name and a password.")
                    .Add(new Element("username", Ns.Register))
                    .Add(new Element("password", Ns.Register));
            case "set":
                await opening.Open(Text(request.Payload, "username"), Text(request.Payload, "password"), request.Domain, request.Address);
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
            await closing.Close(account);
            return null;
        }

        // XEP-0077 §3.3: the name says whose password; it can only be one's own.
        var name = Text(request.Payload, "username");
        if (!Jid.TryParse($"{name}@{account.Jid.Domain}", out var named) || named != account.Jid)
        {
            throw new StanzaErrorException(StanzaCondition.NotAllowed, "Only the own password can be changed.");
        }

        await opening.ChangePassword(account.Identity, Text(request.Payload, "password"));
        return null;
    }

    private static Account Owner(IqRequest request) => request.Session is { } session && (request.Target is null || request.IsOwn)
        ? session.Account
        : throw new StanzaErrorException(StanzaCondition.Forbidden);

    private static string Text(Element query, string field) => query.Child(field)?.Text() is { Length: > 0 } text
        ? text
        : throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"The {field} is missing.");
}
