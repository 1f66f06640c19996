using System.Collections.Concurrent;
using Likeness.Xmpp;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Beside.Tests.Support;

/// <summary>The avatars of a fake chat server: PEP nodes with access models, vCards made of them, and requests in people's name.</summary>
internal sealed class FakeAvatars(FakeChatServer server)
{
    private readonly ConcurrentDictionary<string, FakeAccount> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<FakeAccount> _asked = [];

    /// <summary>What the server makes of a picture that is published, as ejabberd's mod_avatar does with convert; null: nothing.</summary>
    public Func<byte[], byte[]>? Convert { get; set; }

    /// <summary>Requests are not answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Everybody may read every vCard, whoever may see the avatar.</summary>
    public bool LeaksVCards { get; set; }

    /// <summary>Stanzas with a person's whole address as sender are theirs, as where Prosody was told not to check senders.</summary>
    public bool TrustsSenders { get; set; }

    /// <summary>How often bytes of pictures were handed out.</summary>
    public int Fetches { get; private set; }

    /// <summary>Whose metadata was asked for, in order.</summary>
    public ConcurrentQueue<FakeAccount> Looked { get; } = [];

    /// <summary>Of others than the first so many accounts that were asked about nothing is answered; null: of everybody.</summary>
    public int? AnsweredAccounts { get; set; }

    /// <summary>Nodes that were published to, in order.</summary>
    public ConcurrentQueue<string> Published { get; } = [];

    public FakeAccount this[string name] => _accounts.GetOrAdd($"{name}@{FakeChatServer.Domain}", _ => new FakeAccount());

    /// <summary>Tells a subscriber of the account's metadata.</summary>
    public Task Tell(string name) => server.Send(
        $"<message from='{name}@{FakeChatServer.Domain}' to='{FakeChatServer.Component}'><event xmlns='{Ns.PubSubEvent}'><items node='{Ns.AvatarMetadata}'><item id='x'>{ElementWriter.ToText(this[name].Metadata!)}</item></items></event></message>");

    public Task Presence(string name, string extra = "", string resource = "phone", string? type = null) =>
        server.Send($"<presence from='{name}@{FakeChatServer.Domain}/{resource}' to='{FakeChatServer.Component}'{(type is null ? "" : $" type='{type}'")}>{extra}</presence>");

    public static string Photo(string hash) => $"<x xmlns='vcard-temp:x:update'><photo>{hash}</photo></x>";

    /// <summary>Null: no answer.</summary>
    public Element? Answer(Element iq)
    {
        if (IsSilent)
        {
            return null;
        }

        var account = _accounts.GetValueOrDefault(iq["to"] ?? "");
        if (AnsweredAccounts is { } most && account is not null && !_asked.Contains(account))
        {
            if (_asked.Count >= most)
            {
                return null;
            }

            _asked.Add(account);
        }

        if (iq.FirstChild() is { Name: "privileged_iq" } privileged)
        {
            var inner = privileged.Child("iq", Ns.Client)!;
            if (account is null || inner["id"] is null || inner["to"] is not null || inner["from"] is not null)
            {
                return StanzaReply.Error(iq, StanzaCondition.Forbidden);
            }

            var answer = Serve(account, inner, isOwner: true);
            return StanzaReply.Result(iq, new Element("privilege", "urn:xmpp:privilege:2").Add(new Element("forwarded", Ns.Forward).Add(answer)));
        }

        if (TrustsSenders && account is not null && Jid.Parse(iq["from"]!) is { Local: not null, Domain: FakeChatServer.Domain } sender)
        {
            return sender.IsBare || sender.BareText != iq["to"] ? StanzaReply.Error(iq, StanzaCondition.ServiceUnavailable) : Serve(account, iq, isOwner: true);
        }

        return account is null || iq["type"] == "set"
            ? StanzaReply.Error(iq, StanzaCondition.ServiceUnavailable)
            : Serve(account, iq, isOwner: false);
    }

    private static bool Sees(FakeAccount account, string? access, Element iq) => access == "open" || (account.IsMember && Jid.Parse(iq["from"]!).BareText == FakeChatServer.Component);

    private Element Serve(FakeAccount account, Element iq, bool isOwner) => iq.FirstChild() switch
    {
        { Name: "vCard" } card => iq["type"] == "get" ? StanzaReply.Result(iq, Card(account, iq, isOwner)) : SetCard(account, iq, card),
        { Name: "pubsub", Namespace: Ns.PubSubOwner } pubsub when isOwner => Configure(account, iq, pubsub.FirstChild()!),
        { Name: "pubsub" } pubsub when iq["type"] == "get" => Items(account, iq, pubsub.Child("items")!, isOwner),
        { Name: "pubsub" } pubsub when isOwner => Publish(account, iq, pubsub),
        _ => StanzaReply.Error(iq, StanzaCondition.ServiceUnavailable)!,
    };

    private Element Card(FakeAccount account, Element iq, bool isOwner)
    {
        var sees = isOwner || LeaksVCards || Sees(account, account.MetadataAccess, iq);
        var photo = Xep0054VCard.ReadPhoto(account.VCard).Kind == VCardPhotoKind.Picture;
        Fetches += sees && photo ? 1 : 0;
        return sees ? account.VCard : Xep0054VCard.WithPhoto(account.VCard, null, null);
    }

    private static Element SetCard(FakeAccount account, Element iq, Element card)
    {
        account.VCard = card;
        return StanzaReply.Result(iq);
    }

    private static Element Configure(FakeAccount account, Element iq, Element what)
    {
        var isMetadata = what["node"] == Ns.AvatarMetadata;
        if ((isMetadata ? account.MetadataAccess : account.DataAccess) is not { } access)
        {
            return StanzaReply.Error(iq, StanzaCondition.ItemNotFound)!;
        }

        switch (what.Name)
        {
            case "configure" when iq["type"] == "get":
                var form = new DataForm("form", Ns.PubSubNodeConfig, [FormField.Of("pubsub#access_model", access)]).ToElement();
                return StanzaReply.Result(iq, new Element("pubsub", Ns.PubSubOwner).Add(new Element("configure", Ns.PubSubOwner).Set("node", what["node"]).Add(form)));
            case "configure":
                var model = DataForm.Find(what)!["pubsub#access_model"];
                (account.MetadataAccess, account.DataAccess) = isMetadata ? (model, account.DataAccess) : (account.MetadataAccess, model);
                break;
            case "affiliations":
                account.IsMember = true;
                break;
            case "subscriptions" when iq["type"] == "get":
                var subscription = account.IsSubscribed ? new Element("subscription", Ns.PubSubOwner).Set("jid", FakeChatServer.Component).Set("subscription", "subscribed") : null;
                return StanzaReply.Result(iq, new Element("pubsub", Ns.PubSubOwner).Add(new Element("subscriptions", Ns.PubSubOwner).Add(subscription)));
            case "subscriptions":
                account.IsSubscribed = account.IsMember;
                break;
        }

        return StanzaReply.Result(iq);
    }

    private Element Items(FakeAccount account, Element iq, Element items, bool isOwner)
    {
        var isMetadata = items["node"] == Ns.AvatarMetadata;
        if (isMetadata)
        {
            Looked.Enqueue(account);
        }

        var access = isMetadata ? account.MetadataAccess : account.DataAccess;
        if (access is null)
        {
            return StanzaReply.Error(iq, StanzaCondition.ItemNotFound)!;
        }

        if (!isOwner && !Sees(account, access, iq))
        {
            var detail = access == "presence" ? new Element("presence-subscription-required", Ns.PubSubErrors) : new Element("closed-node", Ns.PubSubErrors);
            return StanzaReply.Error(iq, new StanzaErrorException(access == "presence" ? StanzaCondition.NotAuthorized : StanzaCondition.NotAllowed, null, detail))!;
        }

        var found = new Element("items", Ns.PubSub).Set("node", items["node"]);
        if (isMetadata && account.Metadata is { } metadata)
        {
            found.Add(new Element("item", Ns.PubSub).Set("id", "x").Add(metadata));
        }
        else if (!isMetadata && items.FirstChild()?["id"] is { } id && account.Data.TryGetValue(id, out var bytes))
        {
            Fetches++;
            found.Add(new Element("item", Ns.PubSub).Set("id", id).Add(Xep0084UserAvatar.Data(bytes)));
        }

        return StanzaReply.Result(iq, new Element("pubsub", Ns.PubSub).Add(found));
    }

    private Element Publish(FakeAccount account, Element iq, Element pubsub)
    {
        var publish = pubsub.Child("publish")!;
        var isMetadata = publish["node"] == Ns.AvatarMetadata;
        var wanted = pubsub.Child("publish-options") is { } options ? DataForm.Find(options)?["pubsub#access_model"] : null;
        var access = isMetadata ? account.MetadataAccess : account.DataAccess;
        if (wanted is not null && access is not null && access != wanted)
        {
            return StanzaReply.Error(iq, new StanzaErrorException(StanzaCondition.Conflict, null, new Element("precondition-not-met", Ns.PubSubErrors)))!;
        }

        Published.Enqueue(publish["node"]!);
        var model = access ?? wanted ?? "presence";
        var payload = publish.FirstChild()!.FirstChild()!;
        if (!isMetadata && Xep0084UserAvatar.TryReadData(payload, out var bytes))
        {
            account.DataAccess = model;
            account.Data[Xep0084UserAvatar.IdOf(bytes)] = bytes;
        }
        else if (isMetadata)
        {
            account.MetadataAccess = model;
            account.Metadata = payload;
            var shown = account.Shown is { Length: > 0 } id ? account.Data.GetValueOrDefault(id) : null;
            account.VCard = account.KeepsVCard ? account.VCard : Xep0054VCard.WithPhoto(account.VCard, shown, "image/png");
            if (shown is not null && Convert is { } convert)
            {
                account.Publish(convert(shown), model);
            }
        }

        return StanzaReply.Result(iq);
    }
}
