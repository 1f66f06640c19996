namespace Likeness.Server.Administration;

/// <summary>Removes an account with everything stored for it.</summary>
public sealed record RemoveUser(string Account) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        // A domain that is served no longer can still be cleaned up.
        var account = AccountName.Read(Account, served: null);

        if (!await context.Accounts.Close(account, cancellationToken))
        {
            throw new OperationRefusedException($"There is no account {account}.");
        }

        return new Answer { Text = $"{account} is gone, with everything kept for it.", Notes = [new AuditNote("user remove", account.Value)] };
    }
}
