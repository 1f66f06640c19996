using System.Security.Cryptography;
using Likeness.Stores;

namespace Likeness.Server.Administration.Bulk;

/// <summary>Imports one picture: of one person, from one file. A locked portrait and a blocked picture are refused, as on every way but the operator's own hand.</summary>
/// <param name="Owner">As for <see cref="PlannedImport"/>.</param>
/// <param name="Source">The file's name, for the log.</param>
/// <param name="DryRun">Only refuse what would be refused.</param>
public sealed record ImportPicture(string Address, string? Owner, byte[] Bytes, string Source, bool TrustAddresses, bool DryRun = false) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (address, owner, _) = await ImportRules.Read(context, Address, Owner, TrustAddresses, cancellationToken);
        if (DryRun)
        {
            var made = await context.Portraits.Make(owner, Bytes, keepNormal: true, cancellationToken);
            Picture[] forms = [.. new[] { made.Picture, made.Master }.OfType<Picture>()];
            return await context.Guard.Find(forms, made.Uploaded, cancellationToken) is { } block ? throw new PictureBlockedException(block) : new Answer();
        }

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
