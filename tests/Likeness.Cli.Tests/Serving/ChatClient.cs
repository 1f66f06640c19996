using System.Net;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Tests.Serving;

/// <summary>Somebody in a chat of the server, with the password <c>secret</c>.</summary>
internal static class ChatClient
{
    public static Task<XmppClient> LogIn(RunningServer server, string account) => LogIn(server.Host.Addresses.Xmpp[0], account);

    public static Task<XmppClient> LogIn(IPEndPoint server, string account) => XmppClient.Connect(new XmppClientOptions
    {
        Account = Jid.Parse($"{account}/balcony"),
        Password = "secret",
        Host = server.Address.ToString(),
        Port = server.Port,
        AcceptCertificate = XmppClientOptions.AcceptAny,
        Reconnects = false,
    });

    /// <summary>Sets the picture by vCard; throws <see cref="StanzaErrorException"/> when that is refused.</summary>
    public static Task SetPhoto(this XmppClient client, byte[] picture) => client.Request(
        new Element("iq", Ns.Client).Set("type", "set").Add(new Element("vCard", Ns.VCard).Add(
            new Element("PHOTO", Ns.VCard).Add("TYPE", "image/png").Add("BINVAL", Convert.ToBase64String(picture)))));

    /// <summary>The bytes in an account's vCard; null when there are none.</summary>
    public static async Task<byte[]?> Photo(this XmppClient client)
    {
        var result = await client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("vCard", Ns.VCard)));
        return result.Child("vCard", Ns.VCard) is { } vcard ? Xep0054VCard.ReadPhoto(vcard).Bytes : null;
    }
}
