using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Makes an account; its JID becomes an address that web sites can ask by.</summary>
public sealed record AddUser(string Account, string Password) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var account = AccountName.Read(Account, workplace.Served);
        var address = PortraitAddress.Read(account.Value);
        var owner = await workplace.Addresses.OwnerOf(address, cancellation);
        if (owner != account)
        {
            throw new OperationRefusedException($"{account} is an address of {owner} already.");
        }

        try
        {
            await workplace.Stores.Accounts.Add(Credentials.Of(account, Password), cancellation);
        }
        catch (StoreConflictException exception)
        {
            throw new OperationRefusedException($"{account} exists already.", exception);
        }

        await workplace.Addresses.Add(account, address, cancellation);
        return new Answer { Text = $"{account} can log in.", Notes = [new AuditNote("user add", account.Value)] };
    }
}
