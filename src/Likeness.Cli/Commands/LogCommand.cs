using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Likeness.Server.Administration;
using Likeness.Stores;

namespace Likeness.Cli.Commands;

internal sealed partial class LogCommand : TeachingCommand
{
    public LogCommand(Terminal terminal)
        : base("log", "Shows what administrators did, newest first.")
    {
        var address = new Option<string?>("--address") { Description = "Only what was done to this address, its owner, or this picture's hash.", HelpName = "ADDRESS" };
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only from this day or moment on (UTC unless it says otherwise).", HelpName = "DATE", CustomParser = Moment };
        var limit = new Option<int>("--limit") { Description = "At most so many entries.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var json = new Option<bool>("--json") { Description = "One JSON object per line." };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 10_000)
            {
                result.AddError("--limit is a number from 1 to 10000.");
            }
        });
        Add(address);
        Add(since);
        Add(limit);
        Add(json);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var operation = new ReadLog(parsed.GetValue(address), parsed.GetValue(since), parsed.GetValue(limit));
            foreach (var entry in (await common.Run(parsed, operation, cancellationToken)).Log ?? [])
            {
                await terminal.Out.WriteLineAsync(parsed.GetValue(json) ? JsonOption.Text(entry, EntryJson.Default.AuditEntry) : Line(entry));
            }
        });
        Examples = ["likeness log", "likeness log --address juliet@example.org --since 2026-01-01", "likeness log --json --limit 1000"];
    }

    private static DateTimeOffset? Moment(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment.ToUniversalTime();
        }

        result.AddError("--since is a date such as 2026-01-31 or a moment such as 2026-01-31T12:00Z.");
        return null;
    }

    private static string Line(AuditEntry entry)
    {
        string?[] words = [$"{entry.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z", entry.By, entry.Action, entry.About, entry.Detail, entry.Reason is { } reason ? $"\"{reason}\"" : null];
        return string.Join("  ", words.Where(word => word is not null)).ReplaceLineEndings(" ");
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(AuditEntry))]
    private sealed partial class EntryJson : JsonSerializerContext;
}
