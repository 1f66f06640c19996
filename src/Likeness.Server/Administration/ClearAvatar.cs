namespace Likeness.Server.Administration;

/// <summary>Takes a person's picture away from every view.</summary>
public sealed record ClearAvatar(string Address, string? Reason = null) : Operation
{
    public override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        var before = await context.Book.Find(owner, cancellationToken);
        if (before.Source is null && before.Links.IsEmpty)
        {
            throw new OperationRefusedException($"{address} has no picture.");
        }

        await context.Book.Clear(owner, context.Cause, cancellationToken: cancellationToken);
        return new Answer
        {
            Text = $"{address} shows no picture any more.",
            Notes = [new AuditNote("avatar clear", owner.Value, Reason, before.Source?.Id.Hex)],
        };
    }
}
