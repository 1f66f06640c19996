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

    public ValueTask<long> Save(PortraitWrite write, CancellationToken cancellationToken = default) =>
        engine.Write(
            write.Portrait.Identity.Value,
            async session =>
            {
                if (write.ByAccount && !await BesideStore.Has(session, write.Portrait.Identity))
                {
                    await AccountStore.RefuseGone(session, write.Portrait.Identity);
                }

                await PortraitRows.Save(session, write);
                var addresses = await StoreWrites.Run(session, write.Alongside);
                var version = await PortraitRows.Number(session, write.Portrait.Identity);
                await StoreWrites.Announce(session, addresses);
                return version;
            },
            cancellationToken);

    public ValueTask Save(IReadOnlyList<StoreWrite> writes, CancellationToken cancellationToken = default) => StoreWrites.Write(engine, writes, cancellationToken);

    public async ValueTask SaveDraft(Identity identity, Picture picture, DateTimeOffset expires, CancellationToken cancellationToken = default) =>
        await AccountStore.Write(
            engine,
            identity,
            async session =>
            {
                await DraftRows.Save(session, identity, picture, expires);
                return true;
            },
            cancellationToken);

    public ValueTask<Picture?> FindDraft(Identity identity, PictureId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        engine.Read(session => DraftRows.Find(session, identity, id, now), cancellationToken);

    public ValueTask<int> DropExpiredDrafts(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        engine.Write("likeness drafts", session => DraftRows.DropExpired(session, now), cancellationToken);

    public ValueTask AddAddress(Identity identity, string address, IReadOnlyList<AddressHash> hashes, CancellationToken cancellationToken = default) =>
        engine.Write(identity.Value, session => AddAddress(session, identity, address, hashes), cancellationToken);

    public async ValueTask<IReadOnlyList<string>> Addresses(Identity identity, CancellationToken cancellationToken = default) =>
        await engine.Read(session => AddressRows.List(session, identity), cancellationToken);

    public ValueTask<bool> RemoveAddress(Identity identity, string address, AuditEntry? said = null, CancellationToken cancellationToken = default) =>
        engine.Write(
            identity.Value,
            async session =>
            {
                var hashes = await AddressRows.Remove(session, identity, address);
                await ChangeRows.AddAddresses(session, identity, hashes ?? []);
                return await AuditStore.Told(session, hashes is not null, said);
            },
            cancellationToken);

    private static async ValueTask AddAddress(Session session, Identity identity, string address, IReadOnlyList<AddressHash> hashes) =>
        await ChangeRows.AddAddresses(session, identity, await AddressRows.Add(session, identity, address, hashes));
}
