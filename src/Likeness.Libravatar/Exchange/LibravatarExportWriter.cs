using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Likeness.Libravatar.Exchange;

/// <summary>Writes exports that other Libravatar servers read: version 0.2 with the assignments of photos, never a password.</summary>
public static class LibravatarExportWriter
{
    private const string Namespace = "https://www.libravatar.org/schemas/export/0.2";

    /// <summary><c>libravatar-export_{user}.xml.gz</c>; letters, digits and <c>. - _ @</c> stay, what else a name has becomes <c>_</c>.</summary>
    public static string FileNameFor(string username) =>
        $"libravatar-export_{string.Concat(username.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@' ? letter : '_'))}.xml.gz";

    /// <param name="file">Written compressed; stays open.</param>
    public static void Write(Stream file, LibravatarExport export)
    {
        using var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
        using var xml = XmlWriter.Create(packed, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true });
        xml.WriteStartElement("user", Namespace);
        xml.WriteStartElement("account", Namespace);
        xml.WriteAttributeString("username", export.Username);
        if (export.Site is not null)
        {
            xml.WriteAttributeString("site", export.Site);
        }

        xml.WriteEndElement();
        WriteAddresses(xml, "emails", "email", export.Emails);
        WriteAddresses(xml, "openids", "openid", export.OpenIds);
        WritePhotos(xml, export.Photos);
        xml.WriteEndElement();
    }

    private static void WriteAddresses(XmlWriter xml, string list, string name, ImmutableArray<ExportedAddress> addresses)
    {
        xml.WriteStartElement(list, Namespace);
        foreach (var address in addresses)
        {
            xml.WriteStartElement(name, Namespace);
            xml.WriteAttributeString("photo_id", address.PhotoId ?? "None");
            xml.WriteString(address.Text);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WritePhotos(XmlWriter xml, ImmutableArray<ExportedPhoto> photos)
    {
        xml.WriteStartElement("photos", Namespace);
        foreach (var photo in photos)
        {
            xml.WriteStartElement("photo", Namespace);
            if (photo.Id is not null)
            {
                xml.WriteAttributeString("id", photo.Id);
            }

            xml.WriteAttributeString("encoding", "base64");
            xml.WriteAttributeString("format", photo.Format);
            xml.WriteString(Convert.ToBase64String(photo.Bytes.Span));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
