namespace Likeness.Server.Administration;

/// <summary>Gives a person a picture, on every view.</summary>
public sealed record SetAvatar(string Address, byte[] Bytes) : Operation
{
    public override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        var portrait = await context.Upload.Set(owner, Bytes, context.Cause, address, cancellationToken: cancellationToken);
        return new Answer
        {
            Text = $"{address} shows {portrait.Picture!.Id} now.",
            Notes = [new AuditNote("avatar set", owner.Value, Detail: portrait.Picture.Id.Hex)],
        };
    }
}
