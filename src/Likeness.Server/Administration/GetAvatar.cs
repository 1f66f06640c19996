using Likeness.Imaging;

namespace Likeness.Server.Administration;

/// <summary>Reads the largest picture stored for a person, whatever its visibility: the operator asks.</summary>
/// <param name="MediaType">The form it is wanted in; null: as it is kept.</param>
public sealed record GetAvatar(string Address, string? MediaType = null) : Operation
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

        var (bytes, mediaType) = MediaType is null || MediaType == picture.Info.MediaType
            ? (picture.Bytes, picture.Info.MediaType)
            : (await Converted(context, picture, cancellationToken), MediaType);
        var row = PortraitRow.Of(portrait, context.Book);
        return new Answer
        {
            Picture = bytes.ToArray(),
            MediaType = mediaType,
            Text = $"{owner}: picture {row["id"]}, {mediaType}, {picture.Info.Width} × {picture.Info.Height} pixels, {bytes.Length} bytes, visible to {row["visibility"]}{(portrait.Lock is null ? "" : ", locked")}",
            Rows = [row],
        };
    }

    private async Task<ReadOnlyMemory<byte>> Converted(OperationContext context, Picture picture, CancellationToken cancellationToken)
    {
        var format = Enum.GetValues<ImageFormat>().First(format => format.MediaType() == MediaType);
        var edge = Math.Clamp(Math.Max(picture.Info.Width, picture.Info.Height), 1, RenderRequest.LargestSize);
        return (await context.Renderer.Render(RenderRequest.Photo(picture.Bytes, edge, format), cancellationToken)).Bytes;
    }
}
