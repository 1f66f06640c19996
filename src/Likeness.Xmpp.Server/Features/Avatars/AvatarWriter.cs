using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>What each write to an avatar node does to the portrait (table 4.1).</summary>
internal sealed class AvatarWriter(PortraitBook book, AvatarEvents events, DomainPolicies policies, XmppServerOptions options, TimeProvider time)
{
    private const int LargestMetadata = 16 * 1024;

    public async ValueTask<string> PublishData(Account account, Publication publication)
    {
        if (!publication.Payload.Is("data", Ns.AvatarData))
        {
            throw PubSubError.InvalidPayload($"The payload of this node is <data xmlns='{Ns.AvatarData}'/>.");
        }

        var picture = ChatPicture.Decode(
            publication.Payload.Text(),
            policies.For(account.Jid.Domain).LargestChatPicture,
            PubSubError.PayloadTooBig,
            PubSubError.InvalidPayload);
        if (publication.ItemId is { } given && (!PictureId.TryParse(given, out var id) || id != picture.Id))
        {
            throw PubSubError.InvalidPayload($"The item id must be the SHA-1 of the picture's bytes in hex, {picture.Id}.");
        }

        var access = publication.Options.Access;
        var portrait = await book.Find(account.Identity);
        if (IsAwaited(portrait, picture.Id, out var infos))
        {
            await Set(account, publication, picture, infos, portrait.Published!);
            return picture.Id.Hex;
        }

        if (portrait.Picture?.Id != picture.Id)
        {
            await book.SaveDraft(account.Identity, picture, time.GetUtcNow() + options.DraftLifetime);
        }

        if (portrait.DataAccess is null)
        {
            await book.SetAccess(account.Identity, AvatarNode.Data, access, CauseOf(publication.Publisher), keep: true);
        }

        events.SendPublished(account, picture, publication.Publisher);
        return picture.Id.Hex;
    }

    public async ValueTask<string> PublishMetadata(Account account, Publication publication)
    {
        if (!publication.Payload.Is("metadata", Ns.AvatarMetadata))
        {
            throw PubSubError.InvalidPayload($"The payload of this node is <metadata xmlns='{Ns.AvatarMetadata}'/>.");
        }

        var isDisabled = AvatarMetadata.IsDisabled(publication.Payload);
        var xml = ElementWriter.ToText(isDisabled ? AvatarMetadata.Empty() : publication.Payload);
        if (xml.Length > LargestMetadata)
        {
            throw PubSubError.PayloadTooBig($"The metadata has {xml.Length} characters; at most {LargestMetadata} are allowed.");
        }

        var infos = Xep0084UserAvatar.ReadMetadata(publication.Payload);
        var candidates = AvatarMetadata.InBandCandidates(infos);
        var id = publication.ItemId ?? (candidates is [var first, ..] ? first.Hex : StanzaId.New());
        var published = new PublishedMetadata(id, xml);
        var picture = await FindAny(account, candidates);
        if (isDisabled)
        {
            await Clear(account, publication.Publisher, new Clearing { Published = published, Access = publication.Options.Access });
        }
        else if (picture is not null || (infos.Count > 0 && candidates.Length == 0))
        {
            await Set(account, publication, picture, infos, published);
        }
        else
        {
            await book.Announce(account.Identity, published, publication.Options.Access, CauseOf(publication.Publisher));
        }

        return id;
    }

    /// <summary>Takes the picture away from every view.</summary>
    public async ValueTask Clear(Account account, Jid publisher, Clearing? with = null, Removal removal = Removal.Cleared) =>
        await book.Clear(account.Identity, CauseOf(publisher) with { Removal = removal }, with);

    public async ValueTask Configure(Account account, AvatarNode node, AccessModel access) =>
        await book.SetAccess(account.Identity, node, access, new Cause(Origin.Pep));

    private static Cause CauseOf(Jid publisher) => new(Origin.Pep, publisher.Text);

    private static bool IsAwaited(Portrait portrait, PictureId id, out IReadOnlyList<AvatarInfo> infos)
    {
        infos = [];
        if (portrait.Published is not { } published || portrait.Picture?.Id == id)
        {
            return false;
        }

        infos = Xep0084UserAvatar.ReadMetadata(XmlStreamReader.ParseElement(published.Xml));
        var candidates = AvatarMetadata.InBandCandidates(infos);
        return candidates.Contains(id) && (portrait.Picture is null || !candidates.Contains(portrait.Picture.Id));
    }

    private async ValueTask<Picture?> FindAny(Account account, PictureId[] candidates)
    {
        var current = (await book.Find(account.Identity)).Picture?.Id;
        foreach (var id in candidates)
        {
            var found = id == current ? await book.Read(id) : await book.FindDraft(account.Identity, id);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private async ValueTask Set(
        Account account,
        Publication publication,
        Picture? picture,
        IReadOnlyList<AvatarInfo> infos,
        PublishedMetadata published)
    {
        var set = new NewPortrait
        {
            Picture = picture,
            Links = AvatarMetadata.Links(infos),
            Published = published,
            Access = publication.Options.Access,
        };
        await book.Set(account.Identity, set, CauseOf(publication.Publisher));
    }
}
