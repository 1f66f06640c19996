using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarGetCommand : TeachingCommand
{
    public AvatarGetCommand(Terminal terminal)
        : base("get", "Writes the largest picture kept of a person to a file.")
    {
        var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID." };
        var output = new Option<string>("--output", "-o") { Description = "Where to write it; - for standard output.", Required = true, HelpName = "FILE" };
        Add(address);
        Add(output);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new GetAvatar(parsed.GetRequiredValue(address)), cancellationToken);
            await Write(parsed.GetRequiredValue(output), answer, terminal, cancellationToken);
        });
        Examples = ["likeness avatar get juliet@example.org -o juliet.jpg", "likeness avatar get juliet@example.org -o - | display"];
    }

    private static async Task Write(string path, Answer answer, Terminal terminal, CancellationToken cancellationToken)
    {
        if (path == "-")
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(answer.Picture, cancellationToken);
            return;
        }

        await File.WriteAllBytesAsync(path, answer.Picture!, cancellationToken);
        await terminal.Out.WriteLineAsync(answer.Text);
    }
}
