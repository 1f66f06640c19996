namespace Likeness.Server.Administration;

/// <summary>Reads the largest picture stored for a person, whatever its visibility: the operator asks.</summary>
public sealed record GetAvatar(string Address) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var address = PortraitAddress.Read(Address);
        var owner = await context.Addresses.OwnerOf(address, cancellationToken);
        var portrait = await context.Book.Find(owner, cancellationToken);
        if (portrait.Source is not { } source || await context.Book.Read(source.Id, cancellationToken) is not { } picture)
        {
            throw new OperationRefusedException($"{address} has no picture.");
        }

        var visibility = context.Book.VisibilityOf(portrait).ToString().ToLowerInvariant();
        return new Answer
        {
            Picture = picture.Bytes.ToArray(),
            MediaType = picture.Info.MediaType,
            Text = $"{owner}: {picture.Info.MediaType}, {picture.Info.Width} × {picture.Info.Height} pixels, {picture.Info.Length} bytes, chat id {portrait.Picture?.Id.Hex ?? "none"}, visible to {visibility}{(portrait.Lock is null ? "" : ", locked")}",
        };
    }
}
