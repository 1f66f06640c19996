namespace Likeness.Server.Administration;

/// <summary>Gives a person a picture, on every view.</summary>
public sealed record SetAvatar(string Address, byte[] Bytes) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        var portrait = await context.Portraits.Set(owner, address, Bytes, context.Cause, cancellationToken: cancellationToken);
        return new Answer { Text = $"{address} shows {portrait.Picture!.Id} now." };
    }
}
