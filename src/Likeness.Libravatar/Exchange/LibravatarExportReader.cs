using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace Likeness.Libravatar.Exchange;

/// <summary>Reads <c>.xml.gz</c> exports of any Libravatar server, or the bare XML; bounded while reading, without DTD and without fetching anything.</summary>
public sealed class LibravatarExportReader
{
    private const string Namespaces = "https://www.libravatar.org/schemas/export/";
    private const int LongestAddress = 2048;
    private readonly ExportLimits _limits;
    private readonly XmlReader _xml;
    private readonly ImmutableArray<ExportedPhoto>.Builder _photos = ImmutableArray.CreateBuilder<ExportedPhoto>();
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<ExportedAddress>.Builder _emails = ImmutableArray.CreateBuilder<ExportedAddress>();
    private readonly ImmutableArray<ExportedAddress>.Builder _openIds = ImmutableArray.CreateBuilder<ExportedAddress>();

    private LibravatarExportReader(XmlReader xml, ExportLimits limits) => (_xml, _limits) = (xml, limits);

    /// <summary>Throws <see cref="ExportRefusedException"/> and nothing else for any bytes.</summary>
    public static LibravatarExport Read(Stream file, ExportLimits? limits = null)
    {
        limits ??= new ExportLimits();
        try
        {
            using var content = Unfolded(file, limits);
            using var xml = XmlReader.Create(content, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                MaxCharactersInDocument = limits.Expanded,
            });
            return new LibravatarExportReader(xml, limits).Read();
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException or EndOfStreamException)
        {
            throw new ExportRefusedException($"This is not a Libravatar export: {exception.Message}", exception);
        }
    }

    private static Stream Unfolded(Stream file, ExportLimits limits)
    {
        var compressed = new BufferedStream(new BoundedStream(file, limits.Compressed, Text($"An export has at most {limits.Compressed:N0} bytes.")));
        var first = new PeekedStream(compressed);
        Stream content = first.StartsWith(0x1F, 0x8B) ? new GZipStream(first, CompressionMode.Decompress) : first;
        return new BoundedStream(content, limits.Expanded, Text($"An export unfolds to at most {limits.Expanded:N0} bytes."));
    }

    private LibravatarExport Read()
    {
        if (_xml.MoveToContent() != XmlNodeType.Element || _xml.LocalName != "user" || !_xml.NamespaceURI.StartsWith(Namespaces, StringComparison.Ordinal))
        {
            throw new ExportRefusedException($"This is not a Libravatar export: its root is {{{_xml.NamespaceURI}}}{_xml.LocalName}.");
        }

        var (username, site, ns) = ("", (string?)null, _xml.NamespaceURI);
        while (_xml.Read())
        {
            if (_xml.NodeType != XmlNodeType.Element || _xml.NamespaceURI != ns)
            {
                continue;
            }

            switch (_xml.LocalName)
            {
                case "account":
                    // The password some servers write beside the name is nobody's business here.
                    (username, site) = (_xml.GetAttribute("username") ?? "", _xml.GetAttribute("site"));
                    break;
                case "email":
                    AddAddress(_emails);
                    break;
                case "openid":
                    AddAddress(_openIds);
                    break;
                case "photo":
                    AddPhoto();
                    break;
            }
        }

        return new LibravatarExport
        {
            Username = username,
            Site = site,
            Emails = _emails.ToImmutable(),
            OpenIds = _openIds.ToImmutable(),
            Photos = _photos.ToImmutable(),
            Problems = _problems.ToImmutable(),
        };
    }

    private void AddAddress(ImmutableArray<ExportedAddress>.Builder addresses)
    {
        if (_emails.Count + _openIds.Count >= _limits.Addresses)
        {
            throw new ExportRefusedException(Text($"An export has at most {_limits.Addresses} addresses."));
        }

        var photo = _xml.GetAttribute("photo_id");
        var text = new string(Content(LongestAddress, "An address").Span).Trim();
        if (text.Length > 0)
        {
            addresses.Add(new ExportedAddress(text, photo is null or "" or "None" ? null : photo));
        }
    }

    private void AddPhoto()
    {
        if (_photos.Count + _problems.Count >= _limits.Photos)
        {
            throw new ExportRefusedException(Text($"An export has at most {_limits.Photos} photos."));
        }

        var (id, format) = (_xml.GetAttribute("id"), _xml.GetAttribute("format") ?? "");
        var base64 = Unwrapped(Content(_limits.PhotoCharacters, "A photo").Span);
        var bytes = new byte[(base64.Length / 4 * 3) + 3];
        if (Convert.TryFromBase64Chars(base64, bytes, out var length) && length > 0)
        {
            _photos.Add(new ExportedPhoto(id, format, bytes.AsMemory(0, length)));
        }
        else
        {
            _problems.Add($"The photo {id ?? Text($"number {_photos.Count + _problems.Count + 1}")} is not valid base64 and was left out.");
        }
    }

    // Some servers write the text of a byte string of their language.
    private static ReadOnlySpan<char> Unwrapped(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.StartsWith("b'") && text.EndsWith("'") && text.Length > 2 ? text[2..^1] : text;
    }

    /// <summary>The text of the current element, which the reader has passed afterwards.</summary>
    private ReadOnlyMemory<char> Content(int most, string what)
    {
        var text = new System.Buffers.ArrayBufferWriter<char>();
        var depth = _xml.Depth;
        if (_xml.IsEmptyElement)
        {
            return default;
        }

        var chunk = new char[8192];
        while (_xml.Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
            while (_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && _xml.ReadValueChunk(chunk, 0, chunk.Length) is var read and > 0)
            {
                System.Buffers.BuffersExtensions.Write(text, chunk.AsSpan(0, read));
                if (text.WrittenCount > most)
                {
                    throw new ExportRefusedException(Text($"{what} has at most {most} characters."));
                }
            }
        }

        return text.WrittenMemory;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
