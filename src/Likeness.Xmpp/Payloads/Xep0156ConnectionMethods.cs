using System.Text.Json;
using System.Xml;

namespace Likeness.Xmpp.Payloads;

/// <summary>XEP-0156 Discovering Alternative XMPP Connection Methods: the links to WebSockets in a domain's host-meta.</summary>
public static class Xep0156ConnectionMethods
{
    private const string WebSocket = "urn:xmpp:alt-connections:websocket";

    /// <summary>The addresses in <c>/.well-known/host-meta</c>, as they stand there (RFC 6415 §2).</summary>
    /// <exception cref="XmlException">It is no XML, or has a DTD.</exception>
    public static IReadOnlyList<string> ReadXml(string text)
    {
        var addresses = new List<string>();
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "Link" && reader.GetAttribute("rel") == WebSocket && reader.GetAttribute("href") is { } address)
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    /// <summary>The addresses in <c>/.well-known/host-meta.json</c> (RFC 6415 Appendix A).</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<string> ReadJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array
            ? [.. links.EnumerateArray().Where(link => Text(link, "rel") == WebSocket).Select(link => Text(link, "href")).OfType<string>()]
            : [];
    }

    private static string? Text(JsonElement link, string name) =>
        link.ValueKind == JsonValueKind.Object && link.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
