using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0215 External Service Discovery 1.0.0: where calls find a way through (STUN, TURN). A relay that knows our secret takes
/// credentials that we make for a day; nobody has to be told of them (draft-uberti-behave-turn-rest §2.2).
/// </summary>
internal sealed class Xep0215ExternalServices(XmppServerOptions options, TimeProvider time) : IFeature
{
    private const string Namespace = "urn:xmpp:extdisco:2";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public void Register(FeatureRegistry registry)
    {
        if (options.ExternalServices.Count == 0)
        {
            return;
        }

        registry.ServerFeatures.Add(Namespace);
        registry.OnServerIq("get", "services", Namespace, request => new(List(request)));
        registry.OnServerIq("get", "credentials", Namespace, request => new(Credentials(request)));
    }

    private Element List(IqRequest request)
    {
        var type = request.Payload["type"];
        return options.ExternalServices
            .Where(service => type is null || service.Type == type)
            .Aggregate(new Element("services", Namespace).Set("type", type), (list, service) => list.Add(Describe(service, request)));
    }

    private Element Credentials(IqRequest request)
    {
        var asked = request.Payload.Child("service") ?? throw new StanzaErrorException(StanzaCondition.BadRequest, "Say for which service.");
        var port = asked["port"];
        var found = options.ExternalServices.Where(service => service.Host == asked["host"] && service.Type == asked["type"]
            && (port is null || port == Text(service.Port)) && HasCredentials(service)).ToArray();
        return found.Length > 0
            ? found.Aggregate(new Element("credentials", Namespace), (list, service) => list.Add(Describe(service, request)))
            : throw new StanzaErrorException(StanzaCondition.ItemNotFound, "No credentials are made for such a service.");
    }

    // Strangers are not relayed.
    private Element Describe(ExternalService service, IqRequest request)
    {
        var asker = request.Session?.Account.Jid ?? throw new StanzaErrorException(StanzaCondition.Forbidden, "These services are for the people of this server.");
        var element = new Element("service", Namespace)
            .Set("type", service.Type)
            .Set("host", service.Host)
            .Set("port", Text(service.Port))
            .Set("transport", service.Transport);
        if (!HasCredentials(service))
        {
            return element;
        }

        var ends = time.GetUtcNow() + Lifetime;
        var user = $"{Text(ends.ToUnixTimeSeconds())}:{Alias(asker)}";
        return element
            .Set("username", user)
            .Set("password", Password(user))
            .Set("expires", ends.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
            .Set("restricted", "true");
    }

    private bool HasCredentials(ExternalService service) => service.Type is "turn" or "turns" && options.TurnSecret is not null;

    // The relay's log tells who is who to nobody but us.
    private string Alias(Jid account) => Convert.ToHexStringLower(HMACSHA256.HashData(options.TurnSecret!, Encoding.UTF8.GetBytes(account.Text)).AsSpan(0, 8));

#pragma warning disable CA5350 // What relays check.
    private string Password(string user) => Convert.ToBase64String(HMACSHA1.HashData(options.TurnSecret!, Encoding.UTF8.GetBytes(user)));
#pragma warning restore CA5350

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
