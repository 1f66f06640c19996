using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Likeness.Server.Administration;

namespace Likeness.Cli;

/// <summary><c>--json</c>: a list for programs, one object per line.</summary>
internal sealed class JsonOption
{
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object per line." };

    private JsonOption(Command command) => command.Add(_json);

    public static JsonOption AddTo(Command command) => new(command);

    public bool Wanted(ParseResult parsed) => parsed.GetValue(_json);

    /// <param name="name">What each of the answer's accounts is called.</param>
    public async Task Write(Terminal terminal, ParseResult parsed, Answer answer, string name = "account")
    {
        if (!Wanted(parsed))
        {
            foreach (var line in answer.Lines ?? answer.Accounts ?? [])
            {
                await terminal.Out.WriteLineAsync(line);
            }

            return;
        }

        foreach (var row in answer.Rows ?? answer.Accounts?.Select(account => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { [name] = account }) ?? [])
        {
            await terminal.Out.WriteLineAsync(Line(row));
        }
    }

    public static string Line(IReadOnlyDictionary<string, string> row) => Text(row, OperationJson.Default.IReadOnlyDictionaryStringString);

    /// <summary>What is printed goes into no page: letters of every language and "+" stay as they are.</summary>
    public static string Text<T>(T value, JsonTypeInfo<T> type)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = type.Options.WriteIndented }))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
