using Likeness.Libravatar;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class PortraitStore(Engine engine) : IPortraitStore
{
    private const string FindPictureSql = $"SELECT {PictureRows.Columns} FROM pictures p WHERE p.id = $1";

    public ValueTask<Portrait?> Find(Identity identity, CancellationToken cancellation = default) =>
        engine.Read(session => PortraitRows.Find(session, identity), cancellation);

    public ValueTask<Identity?> Resolve(AddressHash hash, CancellationToken cancellation = default) =>
        engine.Read(session => AddressRows.Resolve(session, hash), cancellation);

    public ValueTask<Picture?> FindPicture(PictureId id, CancellationToken cancellation = default) =>
        engine.Read(session => session.First(FindPictureSql, PictureRows.Read, id), cancellation);

    public async ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellation = default) =>
        await engine.Read(session => PortraitRows.ShownBy(session, id), cancellation);

    public ValueTask Save(Portrait portrait, IReadOnlyList<Picture> pictures, AccountDocument? alongside, DateTimeOffset? keepReplacedUntil = null, CancellationToken cancellation = default) =>
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
            cancellation);

    public ValueTask SaveDraft(Identity identity, Picture picture, DateTimeOffset expires, CancellationToken cancellation = default) =>
        engine.Write(identity.Value, session => DraftRows.Save(session, identity, picture, expires), cancellation);

    public ValueTask<Picture?> FindDraft(Identity identity, PictureId id, DateTimeOffset now, CancellationToken cancellation = default) =>
        engine.Read(session => DraftRows.Find(session, identity, id, now), cancellation);

    public ValueTask<int> DropExpiredDrafts(DateTimeOffset now, CancellationToken cancellation = default) =>
        engine.Write("likeness drafts", session => DraftRows.DropExpired(session, now), cancellation);

    public ValueTask AddAddress(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellation = default) =>
        engine.Write(identity.Value, session => AddressRows.Add(session, identity, address, hashes), cancellation);

    public async ValueTask<IReadOnlyList<string>> Addresses(Identity identity, CancellationToken cancellation = default) =>
        await engine.Read(session => AddressRows.List(session, identity), cancellation);

    public ValueTask<bool> RemoveAddress(Identity identity, string address, CancellationToken cancellation = default) =>
        engine.Write(identity.Value, session => AddressRows.Remove(session, identity, address), cancellation);
}
