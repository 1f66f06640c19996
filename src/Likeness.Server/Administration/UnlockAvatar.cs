namespace Likeness.Server.Administration;

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
