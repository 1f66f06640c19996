using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class SecondFactorStore(Engine engine) : ISecondFactorStore
{
    private const string FindSql = """
        SELECT account, secret, since, step, (SELECT COUNT(*) FROM recovery_codes WHERE recovery_codes.account = second_factors.account) FROM second_factors WHERE account = $1
        """;

    public ValueTask<SecondFactor?> Find(Identity account, CancellationToken cancellationToken = default) =>
        engine.Read(session => session.First(FindSql, row => new SecondFactor(row.Identity(0), row.Bytes(1), row.Time(2), row.Number(3), row.SmallNumber(4)), account), cancellationToken);

    public async ValueTask Set(SecondFactor factor, IReadOnlyList<byte[]> recovery, AuditEntry said, CancellationToken cancellationToken = default) => await AccountStore.Write(
        engine,
        factor.Account,
        async session =>
        {
            await WebSessionStore.RemoveAll(session, factor.Account);
            await session.Execute("DELETE FROM second_factors WHERE account = $1", factor.Account);
            await session.Execute("INSERT INTO second_factors (account, secret, since, step) VALUES ($1, $2, $3, $4)", factor.Account, factor.Secret, factor.Since, factor.Step);
            await Replace(session, factor.Account, recovery);
            return await AuditStore.Told(session, isDone: true, said);
        },
        cancellationToken);

    public ValueTask<bool> SetRecovery(Identity account, IReadOnlyList<byte[]> recovery, CancellationToken cancellationToken = default) => engine.Write(
        account.Value,
        async session =>
        {
            if (await session.First("SELECT 1 FROM second_factors WHERE account = $1", row => row.Number(0), account) == 0)
            {
                return false;
            }

            await Replace(session, account, recovery);
            return true;
        },
        cancellationToken);

    public async ValueTask<bool> UseStep(SecondFactor found, long step, byte[] secret, CancellationToken cancellationToken = default) =>
        await engine.Write(
            found.Account.Value,
            session => session.Execute("UPDATE second_factors SET step = $2, secret = $3 WHERE account = $1 AND step < $2 AND secret = $4", found.Account, step, secret, found.Secret),
            cancellationToken) > 0;

    public ValueTask<bool> UseRecovery(Identity account, byte[] hash, AuditEntry said, CancellationToken cancellationToken = default) => engine.Write(
        account.Value,
        async session => await AuditStore.Told(session, await session.Execute("DELETE FROM recovery_codes WHERE account = $1 AND hash = $2", account, hash) > 0, said),
        cancellationToken);

    public ValueTask<bool> Remove(Identity account, AuditEntry said, CancellationToken cancellationToken = default) => engine.Write(
        account.Value,
        async session =>
        {
            await session.Execute("DELETE FROM recovery_codes WHERE account = $1", account);
            return await AuditStore.Told(session, await session.Execute("DELETE FROM second_factors WHERE account = $1", account) > 0, said);
        },
        cancellationToken);

    private static async ValueTask Replace(Session session, Identity account, IReadOnlyList<byte[]> recovery)
    {
        await session.Execute("DELETE FROM recovery_codes WHERE account = $1", account);
        foreach (var hash in recovery)
        {
            await session.Execute("INSERT INTO recovery_codes (account, hash) VALUES ($1, $2)", account, hash);
        }
    }
}
