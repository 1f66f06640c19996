using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Likeness.Server.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Likeness.Server.Telemetry;

/// <summary>The server's log: one line for each event on standard output, for people, for programs or for the journal.</summary>
public static class EventLog
{
    /// <summary>As the settings say.</summary>
    public static void Configure(ILoggingBuilder logging, LikenessOptions options)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        foreach (var (category, level) in options.LogLevels)
        {
            if (category is null)
            {
                logging.SetMinimumLevel(level);
            }
            else
            {
                logging.AddFilter(category, level);
            }
        }

        logging.AddConsole(console => console.FormatterName = EventLines.FormatterName);
        logging.Services.AddSingleton<ConsoleFormatter>(new EventLines(FormatOf(options), TimeProvider.System));
    }

    /// <summary>The one that was chosen, else the journal's when standard output leads there.</summary>
    public static LogFormat FormatOf(LikenessOptions options) => options.LogFormat ?? (JournalStream.IsStandardOutput() ? LogFormat.Systemd : LogFormat.Text);

    /// <summary>The line that says where a started server listens.</summary>
    public static string Ready(LogFormat format, BoundAddresses addresses) => format == LogFormat.Json
        ? EventLines.Json(TimeProvider.System.GetUtcNow(), LogLevel.Information, "Likeness.Server", $"ready {addresses}", null, [])
        : $"ready {addresses}";
}

/// <summary>Writes events as lines. What strangers put into a message can neither begin a line nor steer a terminal.</summary>
internal sealed class EventLines(LogFormat format, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "likeness";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var line = format switch
        {
            LogFormat.Json => Json(
                time.GetUtcNow(), logEntry.LogLevel, logEntry.Category, message, logEntry.Exception, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []),
            LogFormat.Systemd => $"<{Priority(logEntry.LogLevel)}>{logEntry.Category}: {Whole(message, logEntry.Exception)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(logEntry.LogLevel),-11} {logEntry.Category}: {Whole(message, logEntry.Exception)}"),
        };
        textWriter.Write(line + "\n");
    }

    /// <summary>One object on one line; the values that the message is made of are in <c>fields</c>.</summary>
    public static string Json(DateTimeOffset time, LogLevel level, string category, string message, Exception? exception, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime);
            json.WriteString("level", Word(level));
            json.WriteString("category", category);
            json.WriteString("message", message);
            if (exception is not null)
            {
                json.WriteString("exception", exception.ToString());
            }

            if (values.Any(IsField))
            {
                json.WriteStartObject("fields");
                foreach (var (name, value) in values.Where(IsField))
                {
                    Write(json, name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsField(KeyValuePair<string, object?> value) => value.Key != "{OriginalFormat}";

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int or long or short or byte or uint or ushort or sbyte:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Whole(string message, Exception? exception) =>
        OneLine(exception is null ? message : $"{message} | {string.Join(" | ", exception.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}");

    private static string OneLine(string text) => text.Any(IsUnfit) ? string.Concat(text.Select(letter => !IsUnfit(letter) ? letter : letter is '\r' or '\n' or '\t' ? ' ' : '?')) : text;

    private static bool IsUnfit(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Word(LogLevel level) => level.ToString().ToLowerInvariant();

    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };
}

/// <summary>Whether standard output is the journal: <c>$JOURNAL_STREAM</c> names it, and is inherited by everything that a desktop starts.</summary>
internal static class JournalStream
{
    public static bool IsStandardOutput() => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 } journal && FileOwner.StreamName(1) == journal;
}
