using System.Security.Cryptography;
using Likeness.Libravatar;
using Likeness.Libravatar.Exchange;

namespace Likeness.Cli.Importing;

/// <summary>
/// What a Libravatar export becomes here, where a person has one portrait: the addresses that show the main photo are one
/// person's; an address with another photo, or with none beside others that have one, is a person of its own.
/// </summary>
internal static class ExportedPeople
{
    /// <param name="owner">The account that the main photo is for; null: the address the account was named by, or else the first one that shows it.</param>
    public static IReadOnlyList<ImportItem> Read(string path, string? owner)
    {
        using var file = File.OpenRead(path);
        var source = Path.GetFileName(path);
        var export = LibravatarExportReader.Read(file);
        return [.. Items(export, owner, source), .. export.Problems.Select(problem => ImportItem.Unusable(source, problem))];
    }

    public static IEnumerable<ImportItem> Items(LibravatarExport export, string? owner, string source)
    {
        var addresses = export.Emails.AddRange(export.OpenIds).DistinctBy(address => Normal(address.Text)).ToList();
        var photos = export.Photos.Where(photo => photo.Id is not null).DistinctBy(photo => photo.Id).ToDictionary(photo => photo.Id!);

        // A file without assignments has one photo for everything, or says nothing about which is whose.
        var single = export.Photos is [var only] && addresses.TrueForAll(address => address.PhotoId is null) ? only : null;
        ExportedPhoto? PhotoOf(ExportedAddress address) => single ?? (address.PhotoId is { } id ? photos.GetValueOrDefault(id) : null);

        var main = MainPhoto(addresses, PhotoOf, owner);
        var sharing = addresses.FindAll(address => PhotoOf(address) == main);
        var person = owner ?? (sharing.Find(address => Normal(address.Text) == Normal(export.Username)) ?? sharing.FirstOrDefault())?.Text;
        var isFirst = true;
        foreach (var address in addresses)
        {
            var photo = PhotoOf(address);
            if (photo is null && address.PhotoId is not null)
            {
                yield return ImportItem.Unusable(source, $"{address.Text} shows the photo {address.PhotoId}, which is not in the file.");
            }
            else if (photo == main)
            {
                yield return isFirst && photo is not null ? WithPhoto(address, person, photo, source) : new ImportItem(source, address.Text, person, null, null);
                isFirst = false;
            }
            else
            {
                yield return photo is null ? new ImportItem(source, address.Text, null, null, null) : WithPhoto(address, null, photo, source);
            }
        }
    }

    /// <summary>The photo of the owner's own address, if that is in the file, else the one that most addresses show; null: there is none.</summary>
    private static ExportedPhoto? MainPhoto(IReadOnlyList<ExportedAddress> addresses, Func<ExportedAddress, ExportedPhoto?> photoOf, string? owner)
    {
        var own = owner is null ? null : addresses.FirstOrDefault(address => Normal(address.Text) == Normal(owner));
        return (own is null ? null : photoOf(own))
            ?? addresses.Select(photoOf).OfType<ExportedPhoto>().GroupBy(photo => photo).MaxBy(photo => photo.Count())?.Key;
    }

    private static string Normal(string text) => Address.TryParse(text, out var address) ? address.Text : text;

    private static ImportItem WithPhoto(ExportedAddress address, string? person, ExportedPhoto photo, string source) => new(
        source,
        address.Text,
        person,
        Convert.ToHexStringLower(SHA256.HashData(photo.Bytes.Span)),
        _ => Task.FromResult(photo.Bytes.ToArray()));
}
