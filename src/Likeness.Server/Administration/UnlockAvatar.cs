namespace Likeness.Server.Administration;

/// <summary>Lets a person change the picture again.</summary>
public sealed record UnlockAvatar(string Address) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var owner = await workplace.Addresses.OwnerOf(PortraitAddress.Read(Address), cancellation);
        if ((await workplace.Book.Find(owner, cancellation)).Lock is null)
        {
            throw new OperationRefusedException($"The picture of {owner} is not locked.");
        }

        await workplace.Book.SetLock(owner, null, cancellation: cancellation);
        return new Answer { Text = $"{owner} can change the picture again.", Notes = [new AuditNote("avatar unlock", owner.Value)] };
    }
}
