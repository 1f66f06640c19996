using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary><c>urn:xmpp:avatar:data</c> as a view: lists the portrait's picture; drafts and just replaced pictures are readable by id (X84-52).</summary>
internal sealed class AvatarDataNode(Account account, AvatarWriter writer) : IPepNode
{
    private readonly Portrait _portrait = account.Portrait;

    public string Name => Ns.AvatarData;

    public NodeOptions? Options => _portrait.DataAccess is { } access ? Defaults with { Access = access } : null;

    public NodeOptions Defaults => NodeOptions.PepDefault with { Access = writer.DefaultAccess(account) };

    public AccessModel Access => AvatarAccess.Strictest(_portrait.DataAccess, _portrait.MetadataAccess);

    public bool CanHave(NodeOptions options) => options == Defaults with { Access = options.Access };

    public async ValueTask<IReadOnlyList<PepItem>> Items(IReadOnlyList<string>? ids, int most)
    {
        var items = new List<PepItem>();
        foreach (var id in ids ?? (_portrait.Picture is { } current ? [current.Id.Hex] : []))
        {
            if (items.Count < most && PictureId.TryParse(id, out var pictureId) && await Find(pictureId) is { } picture)
            {
                items.Add(Item(picture, _portrait.Changed));
            }
        }

        return items;
    }

    public ValueTask<string> Publish(Publication publication) => writer.PublishData(account, publication);

    public async ValueTask<bool> Retract(string id, Jid publisher, bool notify)
    {
        if (!PictureId.TryParse(id, out var pictureId))
        {
            return false;
        }

        if (_portrait.Picture?.Id != pictureId)
        {
            // A draft nobody announced is forgotten by itself.
            return await writer.FindDraft(account, pictureId) is not null;
        }

        await Purge(publisher);
        return true;
    }

    // A portrait without its picture is none: the views never disagree.
    public ValueTask Purge(Jid publisher) => writer.Clear(account, publisher);

    public ValueTask Delete(Jid publisher) =>
        writer.Clear(account, publisher, new Clearing { Deleted = AvatarNode.Data });

    public ValueTask Configure(NodeOptions options) =>
        writer.Configure(account, AvatarNode.Data, options.Access);

    public static PepItem Item(Picture picture, DateTimeOffset published) =>
        new(picture.Id.Hex, new Element("data", Ns.AvatarData).Add(Convert.ToBase64String(picture.Bytes.Span)), published);

    private async ValueTask<Picture?> Find(PictureId id) =>
        _portrait.Picture?.Id == id ? await writer.Read(id) : await writer.FindDraft(account, id);
}
