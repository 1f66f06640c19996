using System.Text;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Caching;

/// <summary>One cached picture as a file: what is known of it, then its bytes.</summary>
internal static class ImageFile
{
    private const string Mark = "avatar 1";

    public static byte[] Write(string url, ImageEntry entry)
    {
        var image = entry.Image!;
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content, Encoding.UTF8);
        writer.Write(Mark);
        writer.Write(url);
        writer.Write(entry.Expires.ToUnixTimeSeconds());
        writer.Write(entry.UsableUntil.ToUnixTimeSeconds());
        writer.Write(image.Source.AbsoluteUri);
        writer.Write(image.EntityTag ?? "");
        writer.Write(image.LastModified?.ToUnixTimeSeconds() ?? long.MinValue);
        writer.Write(image.Bytes.Length);
        writer.Write(image.Bytes.Span);
        writer.Flush();
        return content.ToArray();
    }

    /// <summary>Null when it is damaged or another URL's.</summary>
    public static ImageEntry? Read(byte[] content, string url)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        try
        {
            return reader.ReadString() == Mark && reader.ReadString() == url ? Read(reader) : null;
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static ImageEntry? Read(BinaryReader reader)
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64());
        var usableUntil = DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64());
        var source = new Uri(reader.ReadString(), UriKind.Absolute);
        var entityTag = reader.ReadString();
        var lastModified = reader.ReadInt64();
        var length = reader.ReadInt32();
        var bytes = length == reader.BaseStream.Length - reader.BaseStream.Position ? reader.ReadBytes(length) : [];
        var format = ImageSignature.Read(bytes);
        return format == AvatarFormat.Unspecified ? null : new ImageEntry(
            new FetchResult.Fetched(new FetchedImage(bytes, format, source)
            {
                EntityTag = entityTag.Length == 0 ? null : entityTag,
                LastModified = lastModified == long.MinValue ? null : DateTimeOffset.FromUnixTimeSeconds(lastModified),
            }),
            expires,
            usableUntil);
    }
}
