using System.CommandLine;
using Likeness.Imaging;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarGetCommand : TeachingCommand
{
    public AvatarGetCommand(Terminal terminal)
        : base("get", "Writes the largest picture kept of a person to a file.")
    {
        var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID." };
        var output = new Option<string>("--output", "-o") { Description = "Where to write it, in the form its name ends in; - for standard output, as it is kept.", Required = true, HelpName = "FILE" };
        Add(address);
        Add(output);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(output);
            var mediaType = ImageFormats.TryParseExtension(Path.GetExtension(path), out var format) ? format.MediaType() : null;
            var answer = await common.Run(parsed, new GetAvatar(parsed.GetRequiredValue(address), mediaType), cancellationToken);
            await Write(path, answer, terminal, cancellationToken);
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
