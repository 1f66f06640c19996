using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Likeness.Server.Options;

/// <summary>Reads <c>likeness.json</c>: an object of settings, and <c>policies</c> with an object per domain.</summary>
public static class OptionFile
{
    public const string Name = "likeness.json";

    /// <summary>The settings of a packaged service.</summary>
    public const string OfTheService = "/etc/likeness/likeness.json";

    private static readonly string[] Usual = ["http", "xmpp", "cert", "key", "public-url"];

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Where the settings of a data directory are when nobody says: in it, or where the package has them.</summary>
    public static string Of(string dataDirectory) =>
        Path.Combine(dataDirectory, Name) is var own && !File.Exists(own) && dataDirectory == DataDirectory.OfTheService && File.Exists(OfTheService) ? OfTheService : own;

    /// <summary>A file that says this, and in comments how to say what is usually wanted besides.</summary>
    public static string Text(OptionSource said)
    {
        var text = new StringBuilder("""
            // Settings of the Likeness server; every one of them: likeness config list
            // After a change, restart the server; whether it would take them: likeness config check
            {

            """);
        foreach (var key in OptionCatalogue.Keys.Where(key => said.Values.ContainsKey(key.Name)))
        {
            text.Append("    ").Append(Setting(key, said.Values[key.Name])).Append(",\n");
        }

        foreach (var key in Usual.Where(name => !said.Values.ContainsKey(name)).Select(name => OptionCatalogue.Find(name)!))
        {
            text.Append("    // ").Append(Setting(key, [key.Example])).Append(",\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>Throws <see cref="OptionsRefusedException"/> for a file that is not such an object.</summary>
    public static OptionSource Read(string path) => Parse(path, () => NamedFile.Problem(path) is { } problem ? throw new IOException(problem) : File.ReadAllBytes(path));

    /// <summary>The same for a file that is in memory.</summary>
    public static OptionSource Parse(string name, byte[] content) => Parse(name, () => content);

    private static OptionSource Parse(string path, Func<byte[]> content)
    {
        try
        {
            var bytes = content();
            using var document = JsonDocument.Parse(bytes, Lenient);
            var settings = document.RootElement.EnumerateObject().ToList();
            return new OptionSource(path, Values(settings.Where(setting => setting.Name != "policies")))
            {
                Lines = Lines(bytes),
                Policies = settings.Where(setting => setting.Name == "policies")
                    .SelectMany(policies => policies.Value.EnumerateObject())
                    .ToImmutableDictionary(domain => OptionText.Domain(domain.Name), domain => Values(domain.Value.EnumerateObject())),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new OptionsRefusedException(
                [new OptionProblem("config", path, $"cannot be read: {exception.Message}", """{ "domain": ["example.org"] }""")]);
        }
    }

    private static string Setting(OptionKey key, ImmutableArray<string> values)
    {
        var texts = values.Select(value => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"").ToList();
        return $"\"{key.Name}\": {(key.Repeatable ? $"[{string.Join(", ", texts)}]" : texts[0])}";
    }

    private static ImmutableDictionary<string, int> Lines(byte[] content)
    {
        var lines = ImmutableDictionary.CreateBuilder<string, int>();
        var path = new List<string>();
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth is > 0 and <= 3)
            {
                path.RemoveRange(Math.Min(path.Count, reader.CurrentDepth - 1), Math.Max(0, path.Count - reader.CurrentDepth + 1));
                var name = reader.GetString()!;
                path.Add(path is ["policies"] ? OptionText.Domain(name) : name);
                lines[string.Join('.', path)] = 1 + content.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
            }
        }

        return lines.ToImmutable();
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> Values(IEnumerable<JsonProperty> settings) =>
        settings.ToImmutableDictionary(
            setting => setting.Name,
            setting => setting.Value.ValueKind == JsonValueKind.Array
                ? setting.Value.EnumerateArray().Select(Text).ToImmutableArray()
                : [Text(setting.Value)]);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new FormatException("settings are texts, numbers, true, false or lists of them"),
    };
}
