using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class PasskeyStore(Engine engine) : IPasskeyStore
{
    private const string Columns = "id, account, handle, name, public_key, counter, transports, may_be_backed_up, backed_up, created, used";

    public ValueTask<Passkey?> Find(byte[] id, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First($"SELECT {Columns} FROM passkeys WHERE id = $1", Read, id), cancellationToken);

    public ValueTask<Identity?> OwnerOf(string handle, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First<Identity?>("SELECT account FROM passkeys WHERE handle = $1 LIMIT 1", row => row.Identity(0), handle), cancellationToken);

    public async ValueTask<IReadOnlyList<Passkey>> List(Identity account, CancellationToken cancellationToken = default) =>
        await engine.Read(session => session.All($"SELECT {Columns} FROM passkeys WHERE account = $1 ORDER BY created, id", Read, account), cancellationToken);

    public ValueTask<bool> Add(Passkey passkey, int maxPasskeys, AuditEntry said, CancellationToken cancellationToken = default) => AccountStore.Write(
        engine,
        passkey.Account,
        async session =>
        {
            var isNew = await session.First("SELECT COUNT(*) FROM passkeys WHERE account = $1", row => row.Number(0), passkey.Account) < maxPasskeys
                && await session.Execute(
                    $"INSERT INTO passkeys ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING",
                    passkey.Id, passkey.Account, passkey.Handle, passkey.Name, passkey.PublicKey, passkey.Counter, string.Join(' ', passkey.Transports),
                    passkey.MayBeBackedUp, passkey.IsBackedUp, passkey.Created, passkey.Used) > 0;
            return await AuditStore.Told(session, isNew, said);
        },
        cancellationToken);

    // WebAuthn §6.1.1: of two uses with one count, one is a copy's.
    public async ValueTask<bool> Used(byte[] id, long counter, bool isBackedUp, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await engine.Write(
            "likeness passkeys",
            session => session.Execute("UPDATE passkeys SET counter = $2, backed_up = $3, used = $4 WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))", id, counter, isBackedUp, now),
            cancellationToken) > 0;

    public async ValueTask<bool> Rename(Identity account, byte[] id, string name, CancellationToken cancellationToken = default) =>
        await engine.Write(account.Value, session => session.Execute("UPDATE passkeys SET name = $3 WHERE account = $1 AND id = $2", account, id, name), cancellationToken) > 0;

    public ValueTask<bool> Remove(Identity account, byte[] id, AuditEntry said, CancellationToken cancellationToken = default) => engine.Write(
        account.Value,
        async session => await AuditStore.Told(session, await session.Execute("DELETE FROM passkeys WHERE account = $1 AND id = $2", account, id) > 0, said),
        cancellationToken);

    private static Passkey Read(DbDataReader row) => new(
        row.Bytes(0),
        row.Identity(1),
        row.Text(2),
        row.Text(3),
        row.Bytes(4),
        row.Number(5),
        row.Text(6).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        row.Flag(7),
        row.Flag(8),
        row.Time(9),
        row.TimeOrNull(10));
}
