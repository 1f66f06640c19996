using System.Data.Common;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class AddressProofStore(Engine engine) : IAddressProofStore
{
    private const string Columns = "proved, proof_due, proof_failing, identity, address";

    // One after another: a page is taken once.
    private const string Turn = "likeness proofs";

    public async ValueTask<IReadOnlyDictionary<string, AddressProof>> Of(Identity person, CancellationToken cancellationToken = default) =>
        (await engine.Read(session => session.All($"SELECT {Columns} FROM addresses WHERE identity = $1 AND proof_due IS NOT NULL", Read, person), cancellationToken))
            .ToDictionary(row => row.Address, row => row.Proof, StringComparer.Ordinal);

    public async ValueTask<IReadOnlyList<(Identity Person, string Address, AddressProof Proof)>> Take(DateTimeOffset now, DateTimeOffset until, int most, CancellationToken cancellationToken = default)
    {
        // Mostly none is due: looking writes nothing.
        if (await engine.Read(session => session.First("SELECT 1 FROM addresses WHERE proof_due <= $1 LIMIT 1", row => row.SmallNumber(0), now), cancellationToken) == 0)
        {
            return [];
        }

        return await engine.Write(
            Turn,
            async session =>
            {
                var due = await session.All($"SELECT {Columns} FROM addresses WHERE proof_due <= $1 ORDER BY proof_due, identity, address LIMIT {most}", Read, now);
                foreach (var (person, address, _) in due)
                {
                    await session.Execute("UPDATE addresses SET proof_due = $3 WHERE identity = $1 AND address = $2", person, address, until);
                }

                return due;
            },
            cancellationToken);
    }

    // An address that is gone stays so.
    internal static async ValueTask Save(Session session, StoreWrite.Proof write) =>
        await session.Execute(
            "UPDATE addresses SET proved = $3, proof_due = $4, proof_failing = $5 WHERE identity = $1 AND address = $2",
            write.Owner, write.Text, write.Content.Proved, write.Content.Due, write.Content.Failing);

    private static (Identity Person, string Address, AddressProof Proof) Read(DbDataReader row) =>
        (row.Identity(3), row.Text(4), new AddressProof(row.Time(0), row.Time(1), row.TimeOrNull(2)));
}
