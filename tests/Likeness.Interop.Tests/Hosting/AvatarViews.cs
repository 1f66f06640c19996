using System.Net;
using Likeness.Libravatar;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>One person's avatar as somebody else sees it, way by way.</summary>
internal static class AvatarViews
{
    /// <summary>The ids in the metadata node; none where there is no item.</summary>
    public static async Task<IReadOnlyList<string>> MetadataOf(this XmppClient asker, string account)
    {
        var item = await Item(asker, account, Ns.AvatarMetadata);
        return item is null ? [] : [.. Xep0084UserAvatar.ReadMetadata(item.Child("metadata", Ns.AvatarMetadata)!).Select(info => info.Id)];
    }

    /// <summary>The bytes in the data node; null where there are none.</summary>
    public static async Task<byte[]?> DataOf(this XmppClient asker, string account)
    {
        var item = await Item(asker, account, Ns.AvatarData);
        return item is not null && Xep0084UserAvatar.TryReadData(item.Child("data", Ns.AvatarData)!, out var bytes) ? bytes : null;
    }

    /// <summary>The bytes in the vCard.</summary>
    public static async Task<byte[]?> PhotoOf(this XmppClient asker, string account)
    {
        var result = await asker.Request(Get(account).Add(new Element("vCard", Ns.VCard)));
        return Xep0054VCard.ReadPhoto(result.Child("vCard", Ns.VCard)!).Bytes;
    }

    /// <summary>Waits for a presence of the account that carries this hash.</summary>
    public static async Task SeesHash(this XmppClient watcher, string account, string id)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await watcher.Expect(
            stanza => stanza.Name == "presence" && Jid.TryParse(stanza["from"], out var from) && from.BareText == account
                && Xep0153VCardAvatars.Read(stanza) == new PhotoUpdate(PhotoUpdateKind.Picture, id),
            timeout.Token);
    }

    /// <summary>Where the picture of the answer came from: <c>portrait</c>, <c>default</c> or <c>none</c>; with the answer's status.</summary>
    public static async Task<(HttpStatusCode Status, string Source)> Fetch(this HttpClient web, IPEndPoint server, string address, int size)
    {
        using var response = await web.GetAsync(new Uri($"http://{server}/avatar/{AddressHash.Md5(address)}?d=404&s={size}"));
        await response.Content.ReadAsByteArrayAsync();
        return (response.StatusCode, response.Headers.TryGetValues("X-Avatar-Source", out var source) ? source.Single() : "");
    }

    private static async Task<Element?> Item(XmppClient asker, string account, string node)
    {
        var items = new Element("items", Ns.PubSub).Set("node", node);
        var result = await asker.Request(Get(account).Add(new Element("pubsub", Ns.PubSub).Add(items)));
        return result.Child("pubsub", Ns.PubSub)?.Child("items")?.Child("item");
    }

    private static Element Get(string to) => new Element("iq", Ns.Client).Set("type", "get").Set("to", to);
}
