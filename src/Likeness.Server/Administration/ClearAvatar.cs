namespace Likeness.Server.Administration;

/// <summary>Takes a person's picture away from every view.</summary>
public sealed record ClearAvatar(string Address, string? Reason = null) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await workplace.Addresses.OwnerOf(address, cancellation);
        var before = await workplace.Book.Find(owner, cancellation);
        if (before.Source is null && before.Links.IsEmpty)
        {
            throw new OperationRefusedException($"{address} has no picture.");
        }

        await workplace.Book.Clear(owner, Origin.Command, cancellation: cancellation);
        return new Answer
        {
            Text = $"{address} shows no picture any more.",
            Notes = [new AuditNote("avatar clear", owner.Value, Reason, before.Source?.Id.Hex)],
        };
    }
}
