using Likeness.Server.Administration.Bulk;

namespace Likeness.Server.Administration;

/// <summary>Gives a person one more address that shows the picture.</summary>
/// <param name="Trust">The operator vouches for an address of a domain that is not served.</param>
public sealed record AddAddress(string Person, string Address, bool Trust) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (address, owner, _) = await ImportRules.Read(context, Address, Person, Trust, cancellationToken);
        await context.Portraits.AddAddress(owner, address, context.Cause, cancellationToken: cancellationToken);
        return new Answer { Text = $"{address} shows the picture of {owner}." };
    }
}

/// <summary>Lists the addresses of a person, in the order they were added.</summary>
public sealed record ListAddresses(string Person) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Person), cancellationToken);
        return new Answer { Accounts = await context.Addresses.Of(owner, cancellationToken) };
    }
}

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
