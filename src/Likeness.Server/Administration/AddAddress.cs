using Likeness.Server.Administration.Bulk;

namespace Likeness.Server.Administration;

/// <summary>Gives a person one more address that shows the picture.</summary>
/// <param name="Trust">The operator vouches for an address of a domain that is not served.</param>
public sealed record AddAddress(string Person, string Address, bool Trust) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (address, owner, _) = await ImportRules.Read(context, Address, Person, Trust, cancellationToken);
        await context.Portraits.AddAddress(owner, address, context.Cause, cancellationToken);
        return new Answer { Text = $"{address} shows the picture of {owner}." };
    }
}
