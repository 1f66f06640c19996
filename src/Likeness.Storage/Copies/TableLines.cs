using System.Buffers;
using System.Data.Common;
using System.Text.Json;

namespace Likeness.Storage;

/// <summary>Rows of a table as lines of JSON, and back.</summary>
internal static class TableLines
{
    private const int PartBytes = 4 * 1024 * 1024;

    /// <summary>Writes a part whenever one is full; a table without rows gives none.</summary>
    public static async ValueTask Write(Session session, string table, Func<TablePart, Task> write)
    {
        var lines = new ArrayBufferWriter<byte>();
        await session.Each($"SELECT * FROM {table}", async row =>
        {
            if (lines.WrittenCount == 0)
            {
                AddLine(lines, json => Names(json, row));
            }

            AddLine(lines, json => Values(json, row));
            if (lines.WrittenCount >= PartBytes)
            {
                await write(new TablePart(table, lines.WrittenMemory));
                lines.ResetWrittenCount();
            }
        });
        if (lines.WrittenCount > 0)
        {
            await write(new TablePart(table, lines.WrittenMemory));
        }
    }

    /// <summary>Throws <see cref="StorageException"/> for a part that is none.</summary>
    public static async ValueTask Read(Session session, TablePart part)
    {
        var insert = "";
        foreach (var line in Lines(part.Lines))
        {
            using var row = Parse(line, part.Table);
            if (insert.Length == 0)
            {
                insert = InsertInto(part.Table, [.. row.RootElement.EnumerateArray().Select(name => name.GetString() ?? "")]);
            }
            else
            {
                await session.Execute(insert, [.. row.RootElement.EnumerateArray().Select(Value)]);
            }
        }
    }

    private static void AddLine(ArrayBufferWriter<byte> lines, Action<Utf8JsonWriter> content)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartArray();
            content(json);
            json.WriteEndArray();
        }

        lines.Write("\n"u8);
    }

    private static void Names(Utf8JsonWriter json, DbDataReader row)
    {
        for (var column = 0; column < row.FieldCount; column++)
        {
            json.WriteStringValue(row.GetName(column));
        }
    }

    private static void Values(Utf8JsonWriter json, DbDataReader row)
    {
        for (var column = 0; column < row.FieldCount; column++)
        {
            switch (row.GetValue(column))
            {
                case DBNull:
                    json.WriteNullValue();
                    break;
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case byte[] bytes:
                    json.WriteStartObject();
                    json.WriteBase64String("base64"u8, bytes);
                    json.WriteEndObject();
                    break;
                case string text:
                    json.WriteStringValue(text);
                    break;
                case var other:
                    throw new StorageException($"The column {row.GetName(column)} holds a {other.GetType().Name}, which no copy can hold.");
            }
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            yield return end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> line, string table)
    {
        try
        {
            var row = JsonDocument.Parse(line);
            return row.RootElement.ValueKind == JsonValueKind.Array ? row : throw new JsonException("it is no array");
        }
        catch (JsonException exception)
        {
            throw new StorageException($"A row of {table} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Names come from a file: nothing but the name of a table and of columns gets into the statement.</summary>
    private static string InsertInto(string table, string[] columns) =>
        TableList.Ever.Contains(table) && columns.All(column => column.Length > 0 && column.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            ? $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, at) => $"${at + 1}"))})"
            : throw new StorageException($"There is no such table as {table}.");

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("base64", out var text) && text.TryGetBytesFromBase64(out var bytes) => bytes,
        _ => throw new StorageException("A row holds a value that no column can have."),
    };
}
