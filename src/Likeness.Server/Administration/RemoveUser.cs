namespace Likeness.Server.Administration;

/// <summary>Removes an account with everything stored for it.</summary>
public sealed record RemoveUser(string Account) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        // A domain that is served no longer can still be cleaned up.
        var account = AccountName.Read(Account, served: null);

        // The views are told first that the picture is gone; afterwards nothing knows of it.
        await workplace.Book.Clear(account, Origin.Command, cancellation: cancellation);
        if (!await workplace.Stores.Accounts.Remove(account, cancellation))
        {
            throw new OperationRefusedException($"There is no account {account}.");
        }

        workplace.Book.Forget(account);
        workplace.AddressesChanged();
        workplace.AccountChanged(account);
        return new Answer { Text = $"{account} is gone, with everything kept for it." };
    }
}
