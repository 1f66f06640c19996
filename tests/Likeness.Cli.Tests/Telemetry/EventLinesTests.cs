using System.Text.Json;
using Likeness.Server.Options;
using Likeness.Server.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Cli.Tests.Telemetry;

[Trait("Requirement", "D-24")]
public sealed class EventLinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 0, 30, 15, 7, TimeSpan.Zero);

    [Theory]
    [InlineData(LogLevel.Warning, "2026-11-26T00:30:15.007Z warning     Likeness.Some: 3 peers are away\n")]
    [InlineData(LogLevel.Information, "2026-11-26T00:30:15.007Z information Likeness.Some: 3 peers are away\n")]
    public void A_line_for_people_has_time_level_and_source(LogLevel level, string line) =>
        Written(LogFormat.Text, level, "3 peers are away").ShouldBe(line);

    [Theory]
    [InlineData(LogLevel.Critical, "<2>")]
    [InlineData(LogLevel.Error, "<3>")]
    [InlineData(LogLevel.Warning, "<4>")]
    [InlineData(LogLevel.Information, "<6>")]
    [InlineData(LogLevel.Debug, "<7>")]
    public void A_line_for_the_journal_has_the_priority_and_no_time(LogLevel level, string priority) =>
        Written(LogFormat.Systemd, level, "3 peers are away").ShouldBe($"{priority}Likeness.Some: 3 peers are away\n");

    [Fact]
    public void A_line_for_programs_is_an_object_with_the_messages_values()
    {
        var line = Written(LogFormat.Json, LogLevel.Error, "3 peers are away", new InvalidOperationException("first\nsecond"), ("Peers", 3), ("Name", "romeo"), ("{OriginalFormat}", "{Peers} peers"));

        line.TrimEnd('\n').ShouldNotContain('\n');
        var read = JsonDocument.Parse(line).RootElement;
        read.GetProperty("time").GetDateTimeOffset().ShouldBe(Now);
        read.GetProperty("level").GetString().ShouldBe("error");
        read.GetProperty("category").GetString().ShouldBe("Likeness.Some");
        read.GetProperty("message").GetString().ShouldBe("3 peers are away");
        read.GetProperty("exception").GetString()!.ShouldContain("first\nsecond");
        read.GetProperty("fields").EnumerateObject().Select(field => $"{field.Name}={field.Value.GetRawText()}").ShouldBe(["Peers=3", "Name=\"romeo\""]);
    }

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Systemd)]
    [InlineData(LogFormat.Json)]
    public void What_strangers_write_begins_no_line_and_steers_no_terminal(LogFormat format)
    {
        var line = Written(format, LogLevel.Warning, "name\r\n<0>forged \e[2J \u009b31m \u2028next \u202egnp.exe \ud800", new InvalidOperationException("one\ntwo\u0007"));

        line.Count(letter => letter == '\n').ShouldBe(1);
        line.ShouldEndWith("\n");
        line[..^1].ShouldAllBe(letter => !char.IsControl(letter) && letter != '\u2028' && letter != '\u202e');
    }

    [Fact]
    public void A_stack_trace_is_on_the_line_of_its_event()
    {
        var line = Written(LogFormat.Text, LogLevel.Error, "It failed", new InvalidOperationException("first\nsecond"));

        line.ShouldEndWith("Likeness.Some: It failed | System.InvalidOperationException: first | second\n");
    }

    private static string Written(LogFormat format, LogLevel level, string message, Exception? exception = null, params (string Name, object? Value)[] values)
    {
        using var output = new StringWriter();
        IReadOnlyList<KeyValuePair<string, object?>> state = [.. values.Select(value => KeyValuePair.Create(value.Name, value.Value))];
        new EventLines(format, new Clock()).Write(new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(level, "Likeness.Some", 1, state, exception, (_, _) => message), null, output);
        return output.ToString();
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
