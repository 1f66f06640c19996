using System.CommandLine;
using System.Globalization;
using Likeness.Cli.Checks;
using Likeness.Cli.Federation;
using Spectre.Console;

namespace Likeness.Cli.Commands;

internal sealed class CheckCommand : TeachingCommand
{
    public CheckCommand(Terminal terminal)
        : base("check", "Checks the avatar server of a domain: DNS, connections, certificates, protocol. Works against any Libravatar server.")
    {
        var target = new Argument<string>("TARGET") { Description = "A domain, a person of it (name@example.org), or one server (https://avatars.example.org)." };
        var json = new Option<bool>("--json") { Description = "The findings as one JSON object." };
        target.Validators.Add(result =>
        {
            if (CheckTarget.Read(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError("TARGET is example.org, name@example.org or https://avatars.example.org.");
            }
        });
        Add(target);
        Add(json);
        var options = ReachOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetRequiredValue(target);
            var examination = new Examination(options.Read(parsed), TimeProvider.System);
            var findings = await Collect(terminal, examination.Run(CheckTarget.Read(text)!, cancellationToken).ToListAsync(cancellationToken).AsTask());
            if (parsed.GetValue(json))
            {
                CheckReport.WriteJson(terminal, text, findings);
            }
            else
            {
                CheckReport.Write(terminal, findings);
            }

            var wrong = CheckReport.Count(findings, Level.Wrong);
            if (wrong == 0)
            {
                return ExitCode.Done;
            }

            await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"likeness: {text}: {wrong} {(wrong == 1 ? "thing is" : "things are")} wrong."));
            return ExitCode.Failed;
        });
        Examples =
        [
            "likeness check example.org",
            "likeness check anne@example.org --json",
            "likeness check https://avatars.example.org",
            "likeness check club.test --dns 127.0.0.1:5353 --ca authority.pem",
        ];
    }

    /// <summary>A slow server takes a minute: a person sees that something happens.</summary>
    private static Task<List<Finding>> Collect(Terminal terminal, Task<List<Finding>> findings) =>
        terminal.Interactive ? terminal.Console.Status().StartAsync("Checking …", _ => findings) : findings;
}
