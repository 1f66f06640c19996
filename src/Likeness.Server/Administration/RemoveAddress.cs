namespace Likeness.Server.Administration;

/// <summary>Takes an address away from a person: it shows nobody's picture any more.</summary>
public sealed record RemoveAddress(string Person, string Address) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Person), cancellationToken);
        return await context.Portraits.RemoveAddress(owner, address, context.Cause, cancellationToken)
            ? new Answer { Text = $"{address} shows no picture any more." }
            : throw new OperationRefusedException($"{owner} does not have the address {address}.");
    }
}
