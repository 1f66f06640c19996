namespace Likeness.Server.Administration;

/// <summary>Takes an address away from a person: it shows nobody's picture any more.</summary>
public sealed record RemoveAddress(string Person, string Address) : Operation
{
    public override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Person), cancellationToken);
        if (!await context.Addresses.Remove(owner, address, cancellationToken))
        {
            throw new OperationRefusedException($"{owner} does not have the address {address}.");
        }

        return new Answer { Text = $"{address} shows no picture any more.", Notes = [new AuditNote("address remove", owner.Value, Detail: address.Text)] };
    }
}
