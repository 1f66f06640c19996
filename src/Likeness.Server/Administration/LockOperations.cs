namespace Likeness.Server.Administration;

/// <summary>Keeps a person from changing the picture, on every way; with <paramref name="Clear"/> it is taken away first.</summary>
/// <param name="Reason">What the person is told.</param>
public sealed record LockAvatar(string Address, string? Reason, bool Clear) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        await context.Book.SetLock(owner, new PortraitLock(Reason, context.Time.GetUtcNow()), context.Cause, Clear, cancellationToken);
        return new Answer
        {
            Text = $"{owner} can change the picture no more{(Clear ? " and shows none" : "")}.",
            Notes = [new AuditNote("avatar lock", owner.Value, Reason, Clear ? "cleared" : null)],
        };
    }
}

/// <summary>Lets a person change the picture again.</summary>
public sealed record UnlockAvatar(string Address) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Address), cancellationToken);
        if ((await context.Book.Find(owner, cancellationToken)).Lock is null)
        {
            throw new OperationRefusedException($"The picture of {owner} is not locked.");
        }

        await context.Book.SetLock(owner, null, context.Cause, cancellationToken: cancellationToken);
        return new Answer { Text = $"{owner} can change the picture again.", Notes = [new AuditNote("avatar unlock", owner.Value)] };
    }
}
