using System.Net;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Demo;

/// <summary>A person with an ordinary chat client that wants to hear of avatars.</summary>
internal sealed class DemoPerson(XmppClient client, Jid account) : IAsyncDisposable
{
    public const string Password = "verona";
    private const string Node = "urn:likeness:demo";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private static readonly DiscoInfo Abilities = new(
        [new DiscoIdentity("client", "pc", "Likeness demo")],
        [Ns.Caps, Ns.DiscoInfo, Ns.AvatarMetadata + "+notify"]);

    public Jid Account { get; } = account;

    public XmppClient Client { get; } = client;

    /// <summary>STARTTLS, SCRAM, presence with what this client can do.</summary>
    public static async Task<DemoPerson> Arrive(string name, IPEndPoint server, CancellationToken cancellationToken)
    {
        var account = Jid.Parse($"{name}@{DemoStage.Domain}");
        var client = await XmppClient.Connect(
            new XmppClientOptions
            {
                Account = account.WithResource("demo"),
                Password = Password,
                Host = server.Address.ToString(),
                Port = server.Port,
                AcceptCertificate = XmppClientOptions.AcceptAny,
                Reconnects = false,
                Answer = Describe,
            },
            cancellationToken);
        await client.Send(new Element("presence", Ns.Client).Add(Xep0115EntityCapabilities.ToElement(Node, Abilities)), cancellationToken);
        return new DemoPerson(client, account);
    }

    /// <summary>Both see each other's presence afterwards.</summary>
    public static async Task Befriend(DemoPerson one, DemoPerson other, CancellationToken cancellationToken)
    {
        foreach (var (asking, asked) in ((DemoPerson, DemoPerson)[])[(one, other), (other, one)])
        {
            await asking.SendPresence("subscribe", asked, cancellationToken);
            await asked.Expect(stanza => IsPresence(stanza, "subscribe", asking), "the request to see presence", cancellationToken);
            await asked.SendPresence("subscribed", asking, cancellationToken);
            await asking.Expect(stanza => IsPresence(stanza, "subscribed", asked), "the permission to see presence", cancellationToken);
        }
    }

    /// <summary>What the server tells of the other's avatar: the infos of the next notification, none when it was taken away.</summary>
    public async Task<IReadOnlyList<AvatarInfo>> NextNotification(DemoPerson of, CancellationToken cancellationToken)
    {
        var message = await Expect(stanza => stanza.Name == "message" && IsFrom(stanza, of) && Metadata(stanza) is not null, "the avatar notification", cancellationToken);
        return Xep0084UserAvatar.ReadMetadata(Metadata(message)!);
    }

    /// <summary>Waits for a presence that says this of the other's picture.</summary>
    public Task PresenceWith(Jid of, PhotoUpdate update, CancellationToken cancellationToken) =>
        Expect(
            stanza => stanza.Name == "presence" && stanza["from"] == of.Text && Xep0153VCardAvatars.Read(stanza) == update,
            "the hash in presence",
            cancellationToken);

    /// <param name="other">An account, or an occupant of a room.</param>
    public async Task<VCardPhoto> PhotoOf(Jid other, CancellationToken cancellationToken)
    {
        var request = new Element("iq", Ns.Client).Set("type", "get").Set("to", other.Text).Add(new Element("vCard", Ns.VCard));
        var result = await Client.Request(request, cancellationToken);
        return Xep0054VCard.ReadPhoto(result.Child("vCard", Ns.VCard) ?? new Element("vCard", Ns.VCard));
    }

    /// <summary>Enters under the account's name; a room that is new is as it is by default.</summary>
    public async Task Enter(Jid room, CancellationToken cancellationToken)
    {
        await Client.Send(new Element("presence", Ns.Client).Set("to", room.WithResource(Account.Local!).Text).Add(new Element("x", Ns.Muc)), cancellationToken);
        await Expect(stanza => stanza.Name == "message" && stanza["from"] == room.Text && stanza.Child("subject") is not null, "the room's subject", cancellationToken);
        var form = new Element("query", Ns.MucOwner).Add(new DataForm("submit", null, []).ToElement());
        if (Account.Local == "juliet")
        {
            await Client.Request(new Element("iq", Ns.Client).Set("type", "set").Set("to", room.Text).Add(form), cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private static Element? Describe(Element iq) =>
        iq.Child("query", Ns.DiscoInfo) is { } query ? StanzaReply.Result(iq, Abilities.ToElement(query["node"])) : null;

    private static Element? Metadata(Element message) =>
        message.Child("event", Ns.PubSubEvent)?.Child("items")?.Child("item")?.Child("metadata", Ns.AvatarMetadata);

    private static bool IsFrom(Element stanza, DemoPerson person) => Jid.TryParse(stanza["from"], out var from) && from.Bare == person.Account;

    private static bool IsPresence(Element stanza, string type, DemoPerson from) =>
        stanza.Name == "presence" && stanza["type"] == type && IsFrom(stanza, from);

    private Task SendPresence(string type, DemoPerson to, CancellationToken cancellationToken) =>
        Client.Send(new Element("presence", Ns.Client).Set("type", type).Set("to", to.Account.BareText), cancellationToken);

    private async Task<Element> Expect(Func<Element, bool> fits, string what, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            return await Client.Expect(fits, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoFailedException($"{Account.Local} waited in vain for {what}.");
        }
    }
}
