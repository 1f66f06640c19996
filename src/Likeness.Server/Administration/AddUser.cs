namespace Likeness.Server.Administration;

/// <summary>Makes an account; its JID becomes an address that web sites can ask by.</summary>
public sealed record AddUser(string Account, string Password) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Add(account, Password, context.By, cancellationToken);
        return new Answer { Text = $"{account} can log in." };
    }
}
