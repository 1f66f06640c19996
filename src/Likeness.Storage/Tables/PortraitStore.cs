using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class PortraitStore(Engine engine) : IPortraitStore
{
    private const string FindPictureSql = $"SELECT {PictureRows.Columns} FROM pictures p WHERE p.id = $1";

    public ValueTask<Portrait?> Find(Identity identity, CancellationToken cancellationToken = default) =>
        engine.Read(session => PortraitRows.Find(session, identity), cancellationToken);

    public ValueTask<Identity?> Resolve(AddressHash hash, CancellationToken cancellationToken = default) =>
        engine.Read(session => AddressRows.Resolve(session, hash), cancellationToken);

    public ValueTask<Picture?> FindPicture(PictureId id, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First(FindPictureSql, PictureRows.Read, id), cancellationToken);

    public async ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellationToken = default) =>
        await engine.Read(session => PortraitRows.ShownBy(session, id), cancellationToken);

    public ValueTask Save(Portrait portrait, IReadOnlyList<Picture> pictures, AccountDocument? alongside, DateTimeOffset? keepReplacedUntil = null, CancellationToken cancellationToken = default) =>
        engine.Write(
            portrait.Identity.Value,
            async session =>
            {
                await PortraitRows.Save(session, portrait, pictures, keepReplacedUntil);
                if (alongside is not null)
                {
                    await DocumentStore.Save(session, alongside);
                }
            },
            cancellationToken);

    public ValueTask SaveDraft(Identity identity, Picture picture, DateTimeOffset expires, CancellationToken cancellationToken = default) =>
        engine.Write(identity.Value, session => DraftRows.Save(session, identity, picture, expires), cancellationToken);

    public ValueTask<Picture?> FindDraft(Identity identity, PictureId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        engine.Read(session => DraftRows.Find(session, identity, id, now), cancellationToken);

    public ValueTask<int> DropExpiredDrafts(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        engine.Write("likeness drafts", session => DraftRows.DropExpired(session, now), cancellationToken);

    public ValueTask AddAddress(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellationToken = default) =>
        engine.Write(identity.Value, session => AddressRows.Add(session, identity, address, hashes), cancellationToken);

    public async ValueTask<IReadOnlyList<string>> Addresses(Identity identity, CancellationToken cancellationToken = default) =>
        await engine.Read(session => AddressRows.List(session, identity), cancellationToken);

    public ValueTask<bool> RemoveAddress(Identity identity, string address, CancellationToken cancellationToken = default) =>
        engine.Write(identity.Value, session => AddressRows.Remove(session, identity, address), cancellationToken);
}
