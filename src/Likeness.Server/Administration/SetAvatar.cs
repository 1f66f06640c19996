namespace Likeness.Server.Administration;

/// <summary>Gives a person a picture, on every view.</summary>
public sealed record SetAvatar(string Address, byte[] Bytes) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await workplace.Addresses.OwnerOf(address, cancellation);
        var portrait = await workplace.Upload.Set(owner, Bytes, Origin.Command, cancellation: cancellation);
        await workplace.Addresses.Add(owner, address, cancellation);
        return new Answer
        {
            Text = $"{address} shows {portrait.Picture!.Id} now.",
            Notes = [new AuditNote("avatar set", owner.Value, Detail: portrait.Picture.Id.Hex)],
        };
    }
}
