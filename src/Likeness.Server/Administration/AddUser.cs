using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Makes an account; its JID becomes an address that web sites can ask by.</summary>
public sealed record AddUser(string Account, string Password) : Operation
{
    public override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        var address = PortraitAddress.Read(account.Value);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        if (owner != account)
        {
            throw new OperationRefusedException($"{account} is an address of {owner} already.");
        }

        try
        {
            await context.Stores.Accounts.Add(Credentials.Of(account, Password), cancellationToken);
        }
        catch (StoreConflictException exception)
        {
            throw new OperationRefusedException($"{account} exists already.", exception);
        }

        await context.Addresses.Add(account, address, cancellationToken);
        return new Answer { Text = $"{account} can log in.", Notes = [new AuditNote("user add", account.Value)] };
    }
}
