using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0157 Contact Addresses for XMPP Services 1.1.1: whom to write to about this server, in the domain's disco#info.</summary>
internal sealed class Xep0157ServerContact(XmppServerOptions options) : IFeature
{
    private const string FormType = "http://jabber.org/network/serverinfo";

    public void Register(FeatureRegistry registry)
    {
        if (options.Contacts.Count > 0)
        {
            var fields = options.Contacts
                .GroupBy(contact => contact.Purpose, contact => contact.Address)
                .Select(purpose => new FormField($"{purpose.Key}-addresses", [.. purpose], "list-multi"));
            registry.ServerForms.Add(new DataForm("result", FormType, [.. fields.OrderBy(field => field.Variable, StringComparer.Ordinal)]).ToElement());
        }
    }
}
