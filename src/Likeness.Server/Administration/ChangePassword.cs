namespace Likeness.Server.Administration;

/// <summary>Gives an account another password.</summary>
public sealed record ChangePassword(string Account, string Password) : Operation
{
    public override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        if (!await context.Stores.Accounts.Update(Credentials.Of(account, Password), cancellationToken))
        {
            throw new OperationRefusedException($"There is no account {account}.");
        }

        return new Answer { Text = $"{account} has a new password.", Notes = [new AuditNote("user passwd", account.Value)] };
    }
}
