using System.Globalization;
using Likeness.Files;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0363 HTTP File Upload 1.2.0: a service beside each domain that gives its people leave to put a file on the web side. There only with <see cref="SharedFiles"/>.</summary>
internal sealed class Xep0363HttpUpload(IServiceProvider services, DomainPolicies domains, XmppServerOptions options) : LocalService, IFeature
{
    private const string Namespace = "urn:xmpp:http:upload:0";
    private const int MaxName = 255;
    private const int MaxType = 127;
    private readonly SharedFiles? _files = services.GetService<SharedFiles>();

    public void Register(FeatureRegistry registry)
    {
        if (_files is null)
        {
            return;
        }

        foreach (var name in options.UploadServices ?? [.. domains.OfChats.Select(policy => $"upload.{policy.Domain}")])
        {
            registry.Services.Add(name, this);
            registry.ServerItems.Add((name, "Files"));
        }
    }

    protected override ValueTask Iq(Sender from, Element iq, Jid to)
    {
        if (!StanzaReply.IsAnswerable(iq))
        {
            return default;
        }

        var payload = StanzaReply.Payload(iq);
        if (to.Text != to.Domain || iq["type"] != "get")
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        from.Reply(StanzaReply.Result(iq, (payload.Name, payload.Namespace) switch
        {
            ("query", Ns.DiscoInfo) => Info(payload),
            ("query", Ns.DiscoItems) => new Element("query", Ns.DiscoItems).Set("node", payload["node"]),
            ("request", Namespace) => Slot(from, payload),
            _ => throw new StanzaErrorException(StanzaCondition.ServiceUnavailable),
        }));
        return default;
    }

    private Element Info(Element asked) => string.IsNullOrEmpty(asked["node"])
        ? new Element("query", Ns.DiscoInfo)
            .Add(new Element("identity", Ns.DiscoInfo).Set("category", "store").Set("type", "file").Set("name", "Files"))
            .Add(new Element("feature", Ns.DiscoInfo).Set("var", Ns.DiscoInfo))
            .Add(new Element("feature", Ns.DiscoInfo).Set("var", Namespace))
            .Add(new DataForm("result", Namespace, [new FormField("max-file-size", [Text(_files!.Options.MaxFile)], "text-single")]).ToElement())
        : throw new StanzaErrorException(StanzaCondition.ItemNotFound);

    private Element Slot(Sender from, Element request)
    {
        if (from is not Session session)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Files are taken from the people of this server.");
        }

        var name = Name(request);
        var size = Size(request);
        var type = request["content-type"] ?? "";
        if (type.Length > MaxType || type.Any(character => character is < ' ' or > '~'))
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "The content type is none.");
        }

        if (_files!.Web is null)
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable, "The web side does not listen yet.", type: "wait");
        }

        try
        {
            _files.Demand(session.Account.Identity, size);
        }
        catch (FileQuotaException full)
        {
            var retry = new Element("retry", Namespace).Set("stamp", full.RetryAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, full.Message, retry, "wait");
        }

        var (slot, token) = _files.Slots.Issue(session.Account.Identity, size, type);
        var url = _files.UrlOf(slot, name).AbsoluteUri;
        return new Element("slot", Namespace)
            .Add(new Element("put", Namespace).Set("url", url).Add(new Element("header", Namespace).Set("name", "Authorization").Add($"Bearer {token}")))
            .Add(new Element("get", Namespace).Set("url", url));
    }

    private static string Name(Element request) =>
        request["filename"] is { Length: > 0 and <= MaxName } name && name is not ("." or "..") && !name.Any(character => character is '/' or '\\' || char.IsControl(character))
            ? name
            : throw new StanzaErrorException(StanzaCondition.BadRequest, $"A file has a name of at most {MaxName} characters, and no folder.");

    private long Size(Element request)
    {
        if (!long.TryParse(request["size"], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size == 0)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "The size of a file is a number of bytes above 0.");
        }

        var max = _files!.Options.MaxFile;
        return size <= max
            ? size
            : throw new StanzaErrorException(
                StanzaCondition.NotAcceptable,
                $"A file has at most {max} bytes.",
                new Element("file-too-large", Namespace).Add("max-file-size", Text(max)));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
