namespace Likeness.Server.Administration;

/// <summary>Gives an account another password.</summary>
public sealed record ChangePassword(string Account, string Password) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.ChangePassword(account, Password, chosen: false, cancellationToken);
        return new Answer { Text = $"{account} has a new password.", Notes = [new AuditNote("user passwd", account.Value)] };
    }
}
