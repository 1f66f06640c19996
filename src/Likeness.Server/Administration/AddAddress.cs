using Likeness.Server.Bulk;

namespace Likeness.Server.Administration;

/// <summary>Gives a person one more address that shows the picture.</summary>
/// <param name="Trust">The operator vouches for an address of a domain that is not served.</param>
public sealed record AddAddress(string Person, string Address, bool Trust) : Operation
{
    public override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (address, owner, isNew) = await ImportRules.Read(context, Address, Person, Trust, cancellationToken);
        await context.Addresses.Add(owner, address, cancellationToken);
        return new Answer
        {
            Text = $"{address} shows the picture of {owner}.",
            Notes = isNew ? [new AuditNote("address add", owner.Value, Detail: address.Text)] : [],
        };
    }
}
