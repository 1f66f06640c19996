using Likeness.Accounts;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0445 Pre-Authenticated In-Band Registration 0.2.0: whoever shows an invitation may register on the same stream. It is used up by the registration.</summary>
internal sealed class Xep0445PreAuthenticatedRegistration(InvitationBook book, XmppServerOptions options) : IFeature
{
    // As clients of before version 0.2 look for it.
    private const string Before = "urn:xmpp:invite";

    public void Register(FeatureRegistry registry)
    {
        if (options.Registration == Registration.Closed)
        {
            return;
        }

        registry.EarlyStreamFeatures.Add(() => new Element("register", Ns.RegistrationToken));
        registry.EarlyStreamFeatures.Add(() => new Element("register", Before));
        registry.EarlyIqs.Add(Ns.PreAuthentication, Show);
    }

    private async ValueTask<Element?> Show(EarlyIqRequest request)
    {
        if (request.Stanza["type"] != "set" || request.Payload["token"] is not { } token)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest);
        }

        if (await book.Find(token) is not { OpensAccount: true } found || found.Domain != request.Domain)
        {
            throw new StanzaErrorException(StanzaCondition.ItemNotFound, "The invitation is not good, or not any more.");
        }

        request.Talk.Invitation = (token, found.Name);
        return null;
    }
}
