using Likeness.Libravatar;

namespace Likeness.Server.Administration;

/// <summary>Reads the audit log, newest first.</summary>
/// <param name="About">An address, for what was done to it or to its owner; or a picture's hash.</param>
public sealed record ReadLog(string? About, DateTimeOffset? Since, int Limit) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation) =>
        new() { Log = await workplace.Stores.Audit.Read(await Names(workplace, cancellation), Since, Limit, cancellation) };

    private async Task<IReadOnlyList<string>?> Names(Workplace workplace, CancellationToken cancellation)
    {
        if (About is null || !Address.TryParse(About, out var address))
        {
            return About is null ? null : [About];
        }

        return [About, address.Text, (await workplace.Addresses.OwnerOf(address, cancellation)).Value];
    }
}
