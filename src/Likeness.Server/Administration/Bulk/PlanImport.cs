namespace Likeness.Server.Administration.Bulk;

/// <summary>Says of each address what an import would do, and does nothing.</summary>
/// <param name="Again">A file counts as changed even if it is the same as last time.</param>
/// <param name="Account">An account that must exist; null: none.</param>
public sealed record PlanImport(IReadOnlyList<PlannedImport> Items, bool TrustAddresses, bool Again, string? Account) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        if (Account is not null && await context.Stores.Accounts.Find(AccountName.Read(Account, context.Served), cancellationToken) is null)
        {
            throw new OperationRefusedException($"There is no account {Account}.");
        }

        var decisions = new List<ImportDecision>(Items.Count);
        foreach (var item in Items)
        {
            try
            {
                decisions.Add(await Decide(context, item, cancellationToken));
            }
            catch (OperationRefusedException exception)
            {
                decisions.Add(new ImportDecision(item.Address, ImportAction.Refused, exception.Message));
            }
        }

        return new Answer { Decisions = decisions };
    }

    private async Task<ImportDecision> Decide(OperationContext context, PlannedImport item, CancellationToken cancellationToken)
    {
        var (_, owner, isNew) = await ImportRules.Read(context, item.Address, item.Owner, TrustAddresses, cancellationToken);
        var last = item.Hash is null ? null : await context.Stores.Bulk.FindImport(owner, cancellationToken);
        var isSame = item.Hash is null || (!Again && last is not null && Convert.ToHexStringLower(last) == item.Hash);
        if (isSame)
        {
            return new ImportDecision(item.Address, isNew ? ImportAction.AddAddress : ImportAction.Unchanged);
        }

        return (await context.Book.Find(owner, cancellationToken)).Lock is { } held
            ? new ImportDecision(item.Address, ImportAction.Refused, new PortraitLockedException(held).Message)
            : new ImportDecision(item.Address, ImportAction.SetPicture);
    }
}
