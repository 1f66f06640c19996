namespace Likeness.Server.Administration;

/// <summary>Gives a person a picture, on every view.</summary>
/// <param name="TrustAddresses">The operator vouches for an address of a domain that is not served, which nobody has yet.</param>
public sealed record SetAvatar(string Address, byte[] Bytes, bool TrustAddresses = false) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.ReadNew(Address);
        var known = await context.Addresses.Find(address, cancellationToken);
        if (known is null)
        {
            PortraitAddress.RefuseStranger(address, context.Served, TrustAddresses);
        }

        var owner = known ?? await context.Addresses.OwnerOf(address, cancellationToken);
        var portrait = await context.Portraits.Set(owner, address, Bytes, context.Cause, cancellationToken: cancellationToken);
        return new Answer { Text = $"{address} {(known is null ? "is new here and shows" : "shows")} picture {PortraitRow.IdOf(portrait)} now." };
    }
}

/// <summary>Takes a person's picture away from every view.</summary>
public sealed record ClearAvatar(string Address, string? Reason = null) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        return await context.Portraits.Clear(owner, context.Cause, Reason, cancellationToken: cancellationToken) is not null
            ? new Answer { Text = $"{address} shows no picture any more." }
            : throw new OperationRefusedException($"{address} has no picture.");
    }
}
