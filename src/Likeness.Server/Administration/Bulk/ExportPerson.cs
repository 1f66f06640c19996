using System.Collections.Immutable;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Libravatar.Exchange;

namespace Likeness.Server.Administration.Bulk;

/// <summary>Writes what is kept of a person as a Libravatar export: the answer's picture is the file, its text the file's name.</summary>
public sealed record ExportPerson(string Person) : Operation
{
    private const string OnlyPhoto = "1";

    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Person), cancellationToken);
        var addresses = (await context.Addresses.Of(owner, cancellationToken)).Select(Address.Parse).ToList();
        var photo = await Photo(context, owner, cancellationToken);
        if (addresses.Count == 0 && photo is null)
        {
            throw new OperationRefusedException($"Nothing is known of {owner}.");
        }

        var export = new LibravatarExport
        {
            Username = owner.Value,
            Site = $"https://{owner.Domain}/",
            Emails = Listed(addresses, AddressKind.Email, photo),
            OpenIds = Listed(addresses, AddressKind.OpenId, photo),
            Photos = photo is null ? [] : [photo],
        };
        using var file = new MemoryStream();
        LibravatarExportWriter.Write(file, export);
        return new Answer
        {
            Text = LibravatarExportWriter.FileNameFor(owner.Value),
            Picture = file.ToArray(),
            MediaType = "application/gzip",
            Notes = [new AuditNote("export", owner.Value)],
        };
    }

    private static ImmutableArray<ExportedAddress> Listed(List<Address> addresses, AddressKind kind, ExportedPhoto? photo) =>
        [.. addresses.Where(address => address.Kind == kind).Select(address => new ExportedAddress(address.Text, photo?.Id))];

    /// <summary>The largest picture as it is kept; WebP, which the format does not know, as PNG.</summary>
    private static async Task<ExportedPhoto?> Photo(OperationContext context, Identity owner, CancellationToken cancellationToken)
    {
        var portrait = await context.Book.Find(owner, cancellationToken);
        if (portrait.Source is not { } source || await context.Book.Read(source.Id, cancellationToken) is not { } picture)
        {
            return null;
        }

        var format = source.MediaType switch
        {
            "image/jpeg" => "jpg",
            "image/png" => "png",
            "image/gif" => "gif",
            _ => null,
        };
        if (format is not null)
        {
            return new ExportedPhoto(OnlyPhoto, format, picture.Bytes);
        }

        var edge = Math.Clamp(Math.Max(source.Width, source.Height), 1, RenderRequest.LargestSize);
        var png = await context.Renderer.Render(RenderRequest.Photo(picture.Bytes, edge, ImageFormat.Png), cancellationToken);
        return new ExportedPhoto(OnlyPhoto, "png", png.Bytes);
    }
}
