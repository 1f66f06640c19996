using System.Security.Cryptography;
using Likeness.Server.Administration;
using Likeness.Stores;

namespace Likeness.Server.Bulk;

/// <summary>Imports one picture: of one person, from one file. A locked portrait and a blocked picture are refused, as on every way but the operator's own hand.</summary>
/// <param name="Owner">As for <see cref="PlannedImport"/>.</param>
/// <param name="Source">The file's name, for the log.</param>
public sealed record ImportPicture(string Address, string? Owner, byte[] Bytes, string Source, bool TrustAddresses) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (address, owner, _) = await ImportRules.Read(context, Address, Owner, TrustAddresses, cancellationToken);
        var import = new StoreWrite.Import(owner, SHA256.HashData(Bytes), context.Time.GetUtcNow());
        await context.Portraits.Set(
            owner,
            address,
            Bytes,
            context.Cause with { Origin = Origin.Directory },
            new AuditWords("import", Detail: Source),
            keepNormal: true,
            import,
            cancellationToken: cancellationToken);
        return new Answer();
    }
}
