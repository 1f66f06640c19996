using System.Security.Cryptography;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Libravatar.Exchange;

namespace Likeness.Cli.Importing;

/// <summary>A folder of pictures named by address, <c>juliet@example.org.jpg</c>, and of exports, <c>*.xml.gz</c>.</summary>
internal static class ImportFolder
{
    private const long LargestFile = 100 * 1024 * 1024;

    /// <summary>In the order of their names; each file is read when its turn comes.</summary>
    public static IEnumerable<ImportItem> Items(string folder, string? owner)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in Files(folder))
        {
            var items = path.EndsWith(".xml.gz", StringComparison.OrdinalIgnoreCase) ? ExportItems(path, owner) : [Item(path, owner)];
            foreach (var item in items)
            {
                yield return item.Problem is null && !seen.TryAdd(item.Address, item.Source)
                    ? item with { Problem = $"{seen[item.Address]} is for {item.Address} too." }
                    : item;
            }
        }
    }

    public static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal);

    private static IReadOnlyList<ImportItem> ExportItems(string path, string? owner)
    {
        try
        {
            return ExportedPeople.Read(path, owner);
        }
        catch (ExportRefusedException exception)
        {
            return [ImportItem.Unusable(Path.GetFileName(path), exception.Message)];
        }
    }

    private static ImportItem Item(string path, string? owner)
    {
        var file = Path.GetFileName(path);
        var name = Path.GetFileNameWithoutExtension(path);
        if (!ImageFormats.TryParseExtension(Path.GetExtension(path), out _))
        {
            return ImportItem.Unusable(file, "Its name does not end in .jpg, .jpeg, .png, .webp, .gif, .avif or .xml.gz.");
        }

        if (AddressHash.TryParse(name, out _))
        {
            return ImportItem.Unusable(file, "It is named by a hash, from which the address cannot be known.");
        }

        if (!name.Contains('@') || !Address.TryParse(name, out var address))
        {
            return ImportItem.Unusable(file, "Its name is not an e-mail address.");
        }

        try
        {
            return new FileInfo(path).Length > LargestFile
                ? ImportItem.Unusable(file, "It is larger than any picture may be.")
                : new ImportItem(file, address.Text, owner, Hash(path), cancellationToken => File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ImportItem.Unusable(file, exception.Message);
        }
    }

    private static string Hash(string path)
    {
        using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
