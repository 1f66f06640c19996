using System.CommandLine;
using System.Globalization;
using Likeness.Cli.Federation;
using Likeness.Libravatar;

namespace Likeness.Cli.Commands;

internal sealed class FetchCommand : TeachingCommand
{
    private const int Columns = 40;

    public FetchCommand(Terminal terminal)
        : base("fetch", "Fetches anybody's avatar and draws it in the terminal, or saves it.")
    {
        var picture = PictureOptions.AddTo(this, SchemePolicy.PreferHttps);
        var output = new Option<string?>("--output", "-o") { Description = "Where to save it as it came; - for standard output.", HelpName = "FILE" };
        Add(output);
        var options = ReachOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var person = picture.Person(parsed);
            using var client = new AvatarClient(options.Read(parsed).Client(picture.Scheme(parsed)));
            var result = await client.FetchAsync(person, picture.Wish(parsed), cancellationToken);
            await Reasons.TellFallback(terminal, person.Domain, result.Discovery, result.Server);
            if (result.Image is not { } image)
            {
                var hasNone = result.Status is AvatarStatus.None or AvatarStatus.NotFederated;
                await terminal.Error.WriteLineAsync($"likeness: No picture of {person}: {result}.{(hasNone ? "" : $" To see more: likeness check {person}")}");
                return hasNone && !Reasons.IsBroken(result.Discovery) ? ExitCode.HasNone : ExitCode.Failed;
            }

            if (parsed.GetValue(output) is not { } path)
            {
                await terminal.Out.WriteAsync(await AvatarShowCommand.Picture(image.Bytes, terminal, Columns, cancellationToken));
            }
            else if (path == "-")
            {
                await using var stream = Console.OpenStandardOutput();
                await stream.WriteAsync(image.Bytes, cancellationToken);
                return ExitCode.Done;
            }
            else
            {
                await File.WriteAllBytesAsync(path, image.Bytes, cancellationToken);
            }

            await terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{image.MediaType}, {image.Bytes.Length} bytes, from {image.Source}"));
            return ExitCode.Done;
        });
        Examples = ["likeness fetch anne@example.org", "likeness fetch anne@example.org --size 512 -o anne.jpg"];
    }
}
