using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.PubSub;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary><c>urn:xmpp:avatar:metadata</c> as a view: the item as its publisher wrote it, or one generated from the portrait (X398-4).</summary>
internal sealed class AvatarMetadataNode(Account account, AvatarWriter writer) : IPepNode
{
    private readonly Portrait _portrait = account.Portrait;

    public string Name => Ns.AvatarMetadata;

    public NodeOptions? Options => _portrait.MetadataAccess is { } access ? Defaults with { Access = access } : null;

    public NodeOptions Defaults => NodeOptions.PepDefault with { Access = writer.DefaultAccess(account) };

    public AccessModel Access => AvatarAccess.Strictest(_portrait.MetadataAccess, _portrait.DataAccess);

    public bool CanHave(NodeOptions options) => options == Defaults with { Access = options.Access };

    public ValueTask<IReadOnlyList<PepItem>> Items(IReadOnlyList<string>? ids, int most)
    {
        var item = AvatarMetadata.ItemOf(_portrait);
        var isWanted = item is not null && (ids is null || ids.Contains(item.Id, StringComparer.Ordinal));
        return new(isWanted ? [item!] : []);
    }

    public ValueTask<string> Publish(Publication publication) => writer.PublishMetadata(account, publication);

    public async ValueTask<bool> Retract(string id, Jid publisher, bool notify)
    {
        if (AvatarMetadata.ItemOf(_portrait) is not { } item || item.Id != id)
        {
            return false;
        }

        await writer.Clear(account, publisher, removal: Removal.Retracted);
        return true;
    }

    public ValueTask Purge(Jid publisher) =>
        writer.Clear(account, publisher, removal: Removal.Purged);

    public ValueTask Delete(Jid publisher) =>
        writer.Clear(account, publisher, new Clearing { Deleted = AvatarNode.Metadata });

    public ValueTask Configure(NodeOptions options) =>
        writer.Configure(account, AvatarNode.Metadata, options.Access);
}
