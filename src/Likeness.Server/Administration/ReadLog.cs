using Likeness.Libravatar;

namespace Likeness.Server.Administration;

/// <summary>Reads the audit log, newest first.</summary>
/// <param name="About">An address, for what was done to it or to its owner; or a picture's hash.</param>
public sealed record ReadLog(string? About, DateTimeOffset? Since, int Limit) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) =>
        new() { Log = await context.Stores.Audit.Read(await Names(context, cancellationToken), Since, Limit, cancellationToken) };

    private async Task<IReadOnlyList<string>?> Names(OperationContext context, CancellationToken cancellationToken)
    {
        if (About is null || !Address.TryParse(About, out var address))
        {
            return About is null ? null : [About];
        }

        return [About, address.Text, (await context.Addresses.OwnerOf(address, cancellationToken)).Value];
    }
}
