using Likeness.Xmpp.Server.Rooms;

namespace Likeness.Server.Administration;

/// <summary>Gives a person a picture, on every view.</summary>
/// <param name="TrustAddresses">The operator vouches for an address of a domain that is not served, which nobody has yet.</param>
public sealed record SetAvatar(string Address, byte[] Bytes, bool TrustAddresses = false) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.ReadNew(Address);
        var known = await context.Addresses.Find(address, cancellationToken);
        var room = context.Rooms.Services.Contains(address.Domain)
            ? await context.Stores.Rooms.Find(address.Text, cancellationToken) ?? throw new OperationRefusedException($"No room {address} is kept here.")
            : null;
        if (known is null && room is null)
        {
            PortraitAddress.RefuseStranger(address, context.Served, TrustAddresses);
        }

        var owner = known ?? await context.Addresses.OwnerOf(address, cancellationToken);
        var visibility = room is null ? (Visibility?)null : RoomActs.PictureVisibility(room.Record);
        var portrait = await context.Portraits.Set(owner, address, Bytes, context.Cause, visibility: visibility, cancellationToken: cancellationToken);
        return new Answer { Text = $"{address} {(known is null ? "is new here and shows" : "shows")} picture {PortraitRow.IdOf(portrait)} now." };
    }
}

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
