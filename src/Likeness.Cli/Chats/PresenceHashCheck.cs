using Likeness.Cli.Checks;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Chats;

/// <summary>What an account's presence says of its picture (XEP-0153 §4.1), and whether that is so. Seen by contacts only, and of who is online.</summary>
internal sealed class PresenceHashCheck(XmppClient client, Jid of)
{
    // Presence from another server has its way to go.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <param name="pictures">The hashes of what nodes and vCard show; empty: no picture.</param>
    /// <param name="converts">The server writes the hash itself (XEP-0398); null: not known.</param>
    public async Task<IReadOnlyList<Finding>> Run(IReadOnlySet<string> pictures, bool? converts, CancellationToken cancellationToken)
    {
        var subject = $"xmpp:{of}";
        var isOwn = of.Equals(client.Address.Bare);
        await client.Roster.Load(cancellationToken);
        if (!isOwn && client.Roster[of]?.Subscription is not (ContactSubscription.To or ContactSubscription.Both))
        {
            return [Finding.Ok("chat-presence-unseen", subject, "Its presence is not shown to this account, so the hash in it is not seen.")];
        }

        // Nobody is to write to it, and it has no word on the own picture: without that the account's other clients would stop to announce theirs (§4.3).
        var presence = new Element("presence", Ns.Client).Add("show", "dnd").Add("priority", "-1");
        await client.Send(Xep0153VCardAvatars.Write(presence, new PhotoUpdate(PhotoUpdateKind.NotReady)), cancellationToken);
        if (!await Comes(isOwn, cancellationToken))
        {
            return [Finding.Ok("chat-presence-away", subject, "It is not online: what its presence says of the picture is not seen.")];
        }

        // What the server had to say at once is here when it answers.
        await client.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", client.Address.Domain).Add(new Element("ping", Ns.Ping)), cancellationToken);
        return
        [
            .. client.Presences.Of(of).Where(said => !isOwn || converts == true || said["from"] != client.Address.Text)
                .GroupBy(Xep0153VCardAvatars.Read, said => Jid.TryParse(said["from"], out var from) ? from.Resource : null)
                .Select(said => Judge(subject, said.Key, string.Join(", ", said.OfType<string>()), pictures, converts)),
        ];
    }

    /// <param name="resources">Who says so.</param>
    internal static Finding Judge(string subject, PhotoUpdate said, string resources, IReadOnlySet<string> pictures, bool? converts) => said.Kind switch
    {
        PhotoUpdateKind.Picture when pictures.Contains(said.Hash!) => Finding.Ok("chat-presence", subject, $"Presence says the hash of that picture ({resources})."),
        PhotoUpdateKind.Picture when pictures.Count == 0 => Finding.Warning("chat-presence-stale", subject, $"Presence says {said.Hash}, and no such picture is shown to this account ({resources}).", "Who may see the picture and who is told of it differ: set it anew with likeness xmpp set FILE."),
        PhotoUpdateKind.Picture => Finding.Wrong("chat-presence-stale", subject, $"Presence says {said.Hash}, which is neither in the nodes nor in the vCard ({resources}): others ask for it in vain.", "Set the picture anew, likeness xmpp set FILE, and log that client in again."),
        PhotoUpdateKind.NoPicture when pictures.Count == 0 => Finding.Ok("chat-presence", subject, $"Presence says that there is no picture ({resources})."),
        PhotoUpdateKind.NoPicture => Finding.Warning("chat-presence-none", subject, $"Presence says that there is no picture, and there is one ({resources}): old clients and rooms show none.", "That client says so, or wishes it: log it in again, or set the picture with it."),
        PhotoUpdateKind.Unusable => Finding.Wrong("chat-presence-unusable", subject, $"What presence says is no hash of a picture ({resources}).", "Tell the makers of that client."),
        _ when pictures.Count == 0 => Finding.Ok("chat-presence", subject, $"Presence says nothing of a picture ({resources})."),
        _ => Finding.Warning("chat-presence-silent", subject, $"Presence says nothing of the picture ({resources}): old clients and rooms do not know that there is one.", converts == true ? "The picture is not for everybody who hears this presence, or it is only linked." : "That client knows nothing of pictures, or one beside it does not; on the server, Prosody's vcard_legacy or ejabberd's mod_vcard_xupdate say it for all."),
    };

    private async Task<bool> Comes(bool isOwn, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(MaxWait);
        try
        {
            var first = await client.Expect(stanza => stanza.Name == "presence" && Jid.TryParse(stanza["from"], out var from) && from.Bare.Equals(of) && stanza["type"] is null or "unavailable", late.Token);
            return isOwn || first["type"] is null || client.Presences.Of(of).Count > 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
