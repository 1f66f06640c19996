using System.Text.Json;

namespace Likeness.Cli.Tests.Serving;

/// <summary>What a started program writes.</summary>
[Trait("Category", "Slow")]
[Trait("Requirement", "D-24")]
public sealed class ServeLogTests : IDisposable
{
    // A file descriptor that is standard output, named as systemd names it.
    private const string Journal = "exec 3>&1; export JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/3); exec 3>&-;";
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Events_are_lines_with_time_and_level_on_standard_output()
    {
        var lines = await Run(null);

        lines.Where(line => !line.StartsWith("ready ", StringComparison.Ordinal)).ShouldNotBeEmpty();
        lines.Where(line => !line.StartsWith("ready ", StringComparison.Ordinal))
            .ShouldAllBe(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (information|warning) +Likeness\.\S+: "));
    }

    [Fact]
    public async Task In_the_journal_they_have_priorities_instead()
    {
        var lines = await Run(Journal);

        lines.Where(line => !line.StartsWith("ready ", StringComparison.Ordinal)).ShouldNotBeEmpty();
        lines.ShouldAllBe(line => line.StartsWith("ready ", StringComparison.Ordinal) || line.StartsWith("<6>Likeness.", StringComparison.Ordinal) || line.StartsWith("<4>Likeness.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_journal_that_something_else_writes_to_is_not_meant()
    {
        var lines = await Run("export JOURNAL_STREAM=8:12345;");

        lines.ShouldNotContain(line => line.StartsWith('<'));
    }

    [Fact]
    public async Task With_json_every_line_is_an_object()
    {
        using var program = ServeProcess.Start(Journal, "serve", "--data", _data.Path, "--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0", "--log-format", "json");
        await program.ReadyLine();
        (await program.Terminate()).ShouldBe(ExitCode.Done);

        var messages = program.Output.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!).ToList();
        messages.Count.ShouldBeGreaterThan(1);
        messages.ShouldContain(message => message.StartsWith("ready http=", StringComparison.Ordinal));
        program.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_is_quiet_or_talks_as_its_level_says()
    {
        (await Run(null, "--log-level", "error")).ShouldHaveSingleItem().ShouldStartWith("ready ");
        (await Run(null, "--log-level", "none", "--log-level", "Microsoft.AspNetCore=debug")).ShouldContain(line => line.Contains(" debug       Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    private async Task<List<string>> Run(string? shell, params string[] flags)
    {
        using var program = ServeProcess.Start(shell, ["serve", "--data", _data.Path, "--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0", .. flags]);
        await program.Ready();
        (await program.Terminate()).ShouldBe(ExitCode.Done);
        return [.. program.Output];
    }
}
