using Likeness.Stores;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0084 User Avatar 1.1.4: the two avatar nodes of every account. They hold nothing; what is published there becomes the portrait, and what is read there is the portrait.</summary>
internal sealed class Xep0084AvatarNodes(AvatarService avatars, AvatarWriter writer)
{
    /// <summary>The node when it is one of the two avatar nodes; else null.</summary>
    public IPepNode? Open(Account account, string node) => node switch
    {
        Ns.AvatarData => new DataNode(account, avatars, writer),
        Ns.AvatarMetadata => new MetadataNode(account, avatars, writer),
        _ => null,
    };

    /// <summary>What both nodes have in common: they share access, and neither is configured otherwise than it is.</summary>
    private abstract class AvatarNodeView(Account account, AvatarNode node, AvatarService avatars, AvatarWriter writer) : IPepNode
    {
        protected Account Account => account;

        protected Portrait Portrait { get; } = account.Portrait;

        protected AvatarService Avatars => avatars;

        protected AvatarWriter Writer => writer;

        public abstract string Name { get; }

        public NodeOptions? Options =>
            (node == AvatarNode.Data ? Portrait.DataAccess : Portrait.MetadataAccess) is { } access ? Defaults with { Access = access } : null;

        public NodeOptions Defaults => NodeOptions.PepDefault with { Access = avatars.DefaultAccess(account.Identity) };

        public AccessModel Access => AvatarService.AccessOf(Portrait);

        public NodeOptions Allowed(NodeOptions wanted) => Defaults with { Access = avatars.Bound(account.Identity, wanted.Access) };

        // Clients ask for an open node because they always do; who configures one is told that it cannot be had.
        public NodeOptions Bound(NodeOptions wanted) => wanted with { Access = avatars.Bound(account.Identity, wanted.Access) };

        public abstract ValueTask<Xep0059Paging.Page<PepItem>?> Items(NodeQuery query);

        public abstract ValueTask<string> Publish(Publication publication);

        public abstract ValueTask<bool> Retract(string id, Jid publisher, bool notify);

        // A portrait without its picture is none: the views never disagree.
        public abstract ValueTask Purge(Jid publisher);

        public ValueTask Delete(Jid publisher) => writer.Clear(account, publisher, new Clearing { Deleted = node });

        public ValueTask Configure(NodeOptions options) => writer.Configure(account, node, options.Access);

        protected static PepItem Item(AvatarItem item) => new(item.Id, item.Payload, item.Published);
    }

    /// <summary>Lists the portrait's picture; drafts and just replaced pictures are readable by id.</summary>
    private sealed class DataNode(Account account, AvatarService avatars, AvatarWriter writer) : AvatarNodeView(account, AvatarNode.Data, avatars, writer)
    {
        // Each is a picture to be read.
        private const int MaxIds = 4;

        public override string Name => Ns.AvatarData;

        public override async ValueTask<Xep0059Paging.Page<PepItem>?> Items(NodeQuery query)
        {
            var items = new List<PepItem>();
            foreach (var id in query.Ids?.Take(MaxIds) ?? (Portrait.Picture is { } current ? [current.Id.Hex] : []))
            {
                if (PictureId.TryParse(id, out var pictureId) && await Avatars.Data(Portrait, pictureId) is { } item)
                {
                    items.Add(Item(item));
                }
            }

            return PepItem.Page(items, query);
        }

        public override ValueTask<string> Publish(Publication publication) => Writer.PublishData(Account, publication);

        public override async ValueTask<bool> Retract(string id, Jid publisher, bool notify)
        {
            if (!PictureId.TryParse(id, out var pictureId))
            {
                return false;
            }

            if (Portrait.Picture?.Id != pictureId)
            {
                // A draft nobody announced is forgotten by itself.
                return await Avatars.Data(Portrait, pictureId) is not null;
            }

            await Purge(publisher);
            return true;
        }

        public override ValueTask Purge(Jid publisher) => Writer.Clear(Account, publisher);
    }

    /// <summary>The item as its publisher wrote it, or one generated from the portrait.</summary>
    private sealed class MetadataNode(Account account, AvatarService avatars, AvatarWriter writer) : AvatarNodeView(account, AvatarNode.Metadata, avatars, writer)
    {
        public override string Name => Ns.AvatarMetadata;

        private AvatarItem? Current => Account.State<AccountAvatar>().Views(Portrait, Avatars).Metadata;

        public override ValueTask<Xep0059Paging.Page<PepItem>?> Items(NodeQuery query) =>
            new(PepItem.Page(Current is { } item && (query.Ids is null || query.Ids.Contains(item.Id, StringComparer.Ordinal)) ? [Item(item)] : [], query));

        public override ValueTask<string> Publish(Publication publication) => Writer.PublishMetadata(Account, publication);

        public override async ValueTask<bool> Retract(string id, Jid publisher, bool notify)
        {
            if (Current?.Id != id)
            {
                return false;
            }

            await Writer.Clear(Account, publisher, removal: Removal.Retracted);
            return true;
        }

        public override ValueTask Purge(Jid publisher) => Writer.Clear(Account, publisher, removal: Removal.Purged);
    }
}
