namespace Likeness.Server.Administration;

/// <summary>Lists the addresses of a person, in the order they were added.</summary>
public sealed record ListAddresses(string Person) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Person), cancellationToken);
        return new Answer { Accounts = await context.Addresses.Of(owner, cancellationToken) };
    }
}
