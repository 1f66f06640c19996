namespace Likeness.Server.Administration;

/// <summary>Takes a person's picture away from every view.</summary>
public sealed record ClearAvatar(string Address, string? Reason = null) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        return await context.Portraits.Clear(owner, context.Cause, Reason, cancellationToken: cancellationToken) is not null
            ? new Answer { Text = $"{address} shows no picture any more." }
            : throw new OperationRefusedException($"{address} has no picture.");
    }
}
