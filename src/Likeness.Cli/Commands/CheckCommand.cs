using System.CommandLine;
using System.Globalization;
using Likeness.Cli.Chats;
using Likeness.Cli.Checks;
using Likeness.Cli.Federation;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Xmpp;
using Spectre.Console;

namespace Likeness.Cli.Commands;

internal sealed class CheckCommand : TeachingCommand
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public CheckCommand(Terminal terminal)
        : base("check", "Checks the avatar server of a domain: DNS, connections, certificates, protocol; also where its chats are, and what a chat account shows. Works against any Libravatar server.")
    {
        var target = new Argument<string?>("TARGET") { Description = "A domain, a person of it (name@example.org), or one server (https://avatars.example.org).", Arity = ArgumentArity.ZeroOrOne };
        var beside = new Option<bool>("--beside") { Description = "Instead of a TARGET: the chat servers that the running server stands beside, with the lines that their configurations lack." };
        var json = new Option<bool>("--json") { Description = "The findings as one JSON object." };
        target.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && CheckTarget.Read(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError("TARGET is example.org, name@example.org or https://avatars.example.org.");
            }
        });
        Validators.Add(result =>
        {
            if (result.GetValue(beside) == (result.GetResult(target) is { Tokens.Count: > 0 }))
            {
                result.AddError("Say a TARGET, or --beside.");
            }
        });
        Add(target);
        Add(beside);
        Add(json);
        var common = CommonOptions.AddTo(this);
        var options = ReachOptions.AddTo(this);
        var login = new ChatLogin(this, terminal, isOptional: true);
        SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(beside))
            {
                return await WriteBeside(terminal, parsed.GetValue(json), await common.Run(parsed, new CheckBeside(), cancellationToken));
            }

            var text = parsed.GetValue(target)!;
            var isJson = parsed.GetValue(json);
            var checkTarget = CheckTarget.Read(text)!;
            var findings = login.Account(parsed) is null
                ? await Examine(terminal, options.Read(parsed), checkTarget, !isJson, cancellationToken)
                : await ExamineChat(terminal, login, parsed, options.Read(parsed), text, !isJson, cancellationToken);
            if (isJson)
            {
                CheckReport.WriteJson(terminal, text, findings);
            }
            else
            {
                CheckReport.WriteSum(terminal, findings);
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
            "likeness check anne@example.org --jid bob@example.net",
            "likeness check https://avatars.example.org",
            "likeness check --beside",
            "likeness check club.test --dns 127.0.0.1:5353 --ca authority.pem",
        ];
    }

    /// <summary>What a chat account shows to another one.</summary>
    private static async Task<List<Finding>> ExamineChat(Terminal terminal, ChatLogin login, ParseResult parsed, Reach reach, string target, bool isTold, CancellationToken cancellationToken)
    {
        var (findings, width) = (new List<Finding>(), 0);
        var of = Jid.TryParse(target, out var jid) && jid.Local is not null ? jid.Bare : throw new OperationRefusedException($"With --jid the target is a chat account; '{target}' is none.");
        await login.Run(
            parsed,
            reach,
            async client =>
            {
                await foreach (var finding in ChatAvatarCheck.By(client, of).Run(cancellationToken))
                {
                    findings.Add(finding);
                    if (isTold)
                    {
                        CheckReport.Write(terminal, finding, ref width);
                    }
                }

                return ExitCode.Done;
            },
            cancellationToken);
        return findings;
    }

    /// <summary>Tells each finding when it is found, and what is looked at meanwhile: a slow server takes a minute.</summary>
    internal static Task<List<Finding>> Examine(Terminal terminal, Reach reach, CheckTarget target, bool isTold, CancellationToken cancellationToken)
    {
        return terminal.Interactive
            ? terminal.Console.Status().StartAsync("Checking …", context => Examine(subject => context.Status(Markup.Escape($"Checking {subject} …"))))
            : Examine(Lines(terminal.Error));

        async Task<List<Finding>> Examine(Action<string> progress)
        {
            var (findings, width) = (new List<Finding>(), 0);
            await foreach (var finding in new Examination(reach, TimeProvider.System, progress).Run(target, cancellationToken))
            {
                findings.Add(finding);
                if (isTold)
                {
                    CheckReport.Write(terminal, finding, ref width);
                }
            }

            return findings;
        }
    }

    private static async Task<int> WriteBeside(Terminal terminal, bool isJson, Answer answer)
    {
        foreach (var row in answer.Rows!)
        {
            if (isJson)
            {
                await terminal.Out.WriteLineAsync(JsonOption.Line(row));
                continue;
            }

            await terminal.Out.WriteLineAsync($"{row["level"],-8}{row["subject"]}: {row["text"]} {row["advice"]}".TrimEnd());
            foreach (var line in row["lines"].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await terminal.Out.WriteLineAsync("        | " + line);
            }
        }

        return answer.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Where nobody watches a terminal: a line now and then, so that a log shows where the time goes.</summary>
    private static Action<string> Lines(TextWriter error)
    {
        var last = TimeProvider.System.GetTimestamp();
        return subject =>
        {
            if (TimeProvider.System.GetElapsedTime(last) >= Quiet)
            {
                last = TimeProvider.System.GetTimestamp();
                error.WriteLine($"likeness: checking {subject} …");
            }
        };
    }
}
