namespace Likeness.Server.Administration;

/// <summary>Lists the addresses of a person, in the order they were added.</summary>
public sealed record ListAddresses(string Person) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var owner = await workplace.Addresses.OwnerOf(PortraitAddress.Read(Person), cancellation);
        return new Answer { Accounts = await workplace.Addresses.Of(owner, cancellation) };
    }
}
