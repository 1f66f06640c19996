using System.Globalization;
using System.Runtime.CompilerServices;
using Likeness.Cli.Checks;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Chats;

/// <summary>What somebody's chat account shows to another one: the nodes (XEP-0084), the vCard (XEP-0054, XEP-0153), whether they agree (XEP-0398), how large it is, and what presence says (XEP-0153).</summary>
/// <param name="ask">Asks as the account that looks.</param>
/// <param name="presence">What presence says, given the hashes of what nodes and vCard show and whether the server converts.</param>
internal sealed class ChatAvatarCheck(Jid of, Func<Element, CancellationToken, Task<Element>> ask, Func<IReadOnlySet<string>, bool?, CancellationToken, Task<IReadOnlyList<Finding>>> presence)
{
    // XEP-0153 §4.6; what servers and clients of today take.
    private const int SmallBytes = 8 * 1024;
    private const int LargeBytes = 64 * 1024;

    /// <summary>As the account of the client sees it.</summary>
    public static ChatAvatarCheck By(XmppClient client, Jid of) => new(of, client.Request, new PresenceHashCheck(client, of).Run);

    public async IAsyncEnumerable<Finding> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subject = $"xmpp:{of}";
        var converts = await Converts(cancellationToken);
        yield return converts switch
        {
            true => Finding.Ok("chat-conversion", subject, "The server keeps nodes, vCard and presence the same (XEP-0398)."),
            false => Finding.Warning("chat-conversion", subject, "The server does not keep nodes and vCard the same (XEP-0398): clients have to set both.", "Prosody: enable vcard_legacy. ejabberd: enable mod_avatar and mod_vcard_xupdate."),
            null => Finding.Ok("chat-conversion", subject, "Whether the server keeps nodes and vCard the same is not told to this account."),
        };

        var node = await Node(cancellationToken);
        foreach (var finding in OfNode(subject, node))
        {
            yield return finding;
        }

        VCardPhoto? photo = null;
        string? refusal = null;
        try
        {
            photo = await Photo(cancellationToken);
        }
        catch (StanzaErrorException refused)
        {
            refusal = refused.Condition.Name;
        }

        yield return OfVCard(subject, photo, refusal);
        if (Agreement(subject, node, photo, converts) is { } agreement)
        {
            yield return agreement;
        }

        HashSet<string> pictures = [.. node.Infos.Select(info => info.Id)];
        if (photo?.Bytes is { } bytes)
        {
            pictures.Add(Xep0084UserAvatar.IdOf(bytes));
        }

        foreach (var finding in await presence(pictures, converts, cancellationToken))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> OfNode(string subject, NodeState node)
    {
        if (node.Refusal is { } refusal)
        {
            yield return refusal == "item-not-found" || refusal == "service-unavailable"
                ? Finding.Ok("chat-node-missing", subject, "There is no avatar node, or none that this account may know of.")
                : Finding.Warning("chat-node-closed", subject, $"The avatar node is not for this account ({refusal}): rooms and strangers see no picture there.", "To show it to everybody: likeness xmpp visibility public");
            yield break;
        }

        if (node.Infos.Count == 0)
        {
            yield return Finding.Ok("chat-node-empty", subject, "The avatar node says that there is no picture.");
            yield break;
        }

        foreach (var info in node.Infos.Where(info => info.Url is not null))
        {
            yield return Finding.Ok("chat-node-link", subject, $"A link to {info.Type}: {info.Url}");
        }

        if (node.InBand is not { } inBand)
        {
            yield return Finding.Warning("chat-node-links-only", subject, "The node has links alone: many clients show nothing.", "Publish a PNG at the data node, too (XEP-0084 §4.2.1).");
            yield break;
        }

        if (node.Bytes is not { } bytes)
        {
            yield return Finding.Wrong("chat-node-data", subject, $"The metadata name {inBand.Id}, and there is no such picture at the data node, or it has another hash.", "Publish the picture again: likeness xmpp set FILE");
            yield break;
        }

        yield return Finding.Ok("chat-node", subject, string.Create(CultureInfo.InvariantCulture, $"The avatar node shows {inBand.Id}, {bytes.Length} bytes, {inBand.Width} × {inBand.Height} px.")) with { Picture = bytes };
        var isPng = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']);
        if (inBand.Type == "image/png" != isPng)
        {
            yield return Finding.Warning("chat-node-type", subject, $"It is said to be {inBand.Type} and {(isPng ? "is PNG" : "is no PNG")}.", "Publish a PNG; XEP-0084 §4.1 allows no other type at the data node.");
        }

        if (bytes.Length > LargeBytes || bytes.Length != inBand.Bytes)
        {
            yield return Finding.Warning(
                "chat-node-size",
                subject,
                string.Create(CultureInfo.InvariantCulture, $"It has {bytes.Length} bytes{(bytes.Length == inBand.Bytes ? "" : $", and {inBand.Bytes} are said")}."),
                string.Create(CultureInfo.InvariantCulture, $"At most {LargeBytes} bytes get everywhere: likeness xmpp set FILE"));
        }
    }

    private static Finding OfVCard(string subject, VCardPhoto? photo, string? refusal) => photo?.Kind switch
    {
        null => Finding.Warning("chat-vcard", subject, $"The vCard cannot be read ({refusal}).", "Old clients and rooms look there for pictures."),
        VCardPhotoKind.None => Finding.Ok("chat-vcard-empty", subject, "The vCard has no picture."),
        VCardPhotoKind.Link => Finding.Warning("chat-vcard-link", subject, "The vCard has a link in the place of a picture: nearly no client shows it.", "Set the picture itself: likeness xmpp set FILE"),
        VCardPhotoKind.Invalid => Finding.Wrong("chat-vcard-invalid", subject, "The picture in the vCard is no base64.", "Set it again: likeness xmpp set FILE"),
        _ when photo.Bytes!.Length > LargeBytes => Finding.Warning("chat-vcard-size", subject, string.Create(CultureInfo.InvariantCulture, $"The picture in the vCard has {photo.Bytes.Length} bytes; XEP-0153 wants less than {SmallBytes}."), "Set a smaller one: likeness xmpp set FILE"),
        _ => Finding.Ok("chat-vcard", subject, string.Create(CultureInfo.InvariantCulture, $"The vCard shows {Xep0084UserAvatar.IdOf(photo.Bytes!)}, {photo.Bytes!.Length} bytes.")) with { Picture = photo.Bytes },
    };

    private static Finding? Agreement(string subject, NodeState node, VCardPhoto? photo, bool? converts)
    {
        if (photo is null || photo.Kind is VCardPhotoKind.Link or VCardPhotoKind.Invalid || (node.Refusal is not (null or "item-not-found" or "service-unavailable")))
        {
            return null;
        }

        var (atNode, inVCard) = (node.Bytes is { } bytes ? Xep0084UserAvatar.IdOf(bytes) : null, photo.Bytes is { } picture ? Xep0084UserAvatar.IdOf(picture) : null);
        return (atNode, inVCard) switch
        {
            _ when atNode == inVCard => atNode is null ? null : Finding.Ok("chat-agreement", subject, "Nodes and vCard show the same picture."),
            (null, _) => Finding.Warning("chat-agreement", subject, "The vCard has a picture, and the nodes have none: new clients show none, old ones and rooms do.", "Set it anew, which writes both: likeness xmpp set FILE"),
            (_, null) => Finding.Warning("chat-agreement", subject, "The nodes have a picture, and the vCard has none: old clients and most rooms show none.", "Set it anew, which writes both: likeness xmpp set FILE"),
            _ when converts == true => Finding.Wrong("chat-agreement", subject, "Nodes and vCard show different pictures, though the server is to keep them the same.", "Set it anew: likeness xmpp set FILE"),
            _ => Finding.Ok("chat-agreement", subject, "Nodes and vCard show pictures of different sizes or types; whether they are the same person's, only eyes can tell."),
        };
    }

    private async Task<bool?> Converts(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(Get(new Element("query", Ns.DiscoInfo)), cancellationToken);
            return answer.Child("query", Ns.DiscoInfo) is { } info && DiscoInfo.Read(info) is { } disco && disco.Has(Ns.PepVCardConversion);
        }
        catch (StanzaErrorException)
        {
            return null;
        }
    }

    private async Task<NodeState> Node(CancellationToken cancellationToken)
    {
        try
        {
            var items = await Items(Ns.AvatarMetadata, null, cancellationToken);
            var infos = Xep0084UserAvatar.LastMetadata(items) ?? [];
            var inBand = infos.FirstOrDefault(info => info.Url is null);
            byte[]? bytes = null;
            if (inBand is not null)
            {
                var data = await Items(Ns.AvatarData, inBand.Id, cancellationToken);
                bytes = data?.FirstOrDefault(item => item["id"] == inBand.Id)?.Child("data", Ns.AvatarData) is { } element && Xep0084UserAvatar.TryReadData(element, out var read) && Xep0084UserAvatar.IdOf(read) == inBand.Id ? read : null;
            }

            return new NodeState(infos, inBand, bytes, null);
        }
        catch (StanzaErrorException refused)
        {
            return new NodeState([], null, null, refused.Condition.Name);
        }
    }

    private Element Get(Element payload) => new Element("iq", Ns.Client).Set("type", "get").Set("to", of.Text).Add(payload);

    private async Task<Element?> Items(string node, string? id, CancellationToken cancellationToken)
    {
        var items = new Element("items", Ns.PubSub).Set("node", node);
        items = id is null ? items.Set("max_items", "1") : items.Add(new Element("item", Ns.PubSub).Set("id", id));
        var answer = await ask(Get(new Element("pubsub", Ns.PubSub).Add(items)), cancellationToken);
        return answer.Child("pubsub", Ns.PubSub)?.Child("items");
    }

    private async Task<VCardPhoto> Photo(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(Get(new Element("vCard", Ns.VCard)), cancellationToken);
            return Xep0054VCard.ReadPhoto(answer.Child("vCard", Ns.VCard) ?? new Element("vCard", Ns.VCard));
        }
        catch (StanzaErrorException none) when (none.Condition.Name is "item-not-found" or "service-unavailable")
        {
            return new VCardPhoto(VCardPhotoKind.None);
        }
    }

    /// <param name="Bytes">Of <paramref name="InBand"/>; null: they are not there, or not what was said.</param>
    private sealed record NodeState(IReadOnlyList<AvatarInfo> Infos, AvatarInfo? InBand, byte[]? Bytes, string? Refusal);
}
