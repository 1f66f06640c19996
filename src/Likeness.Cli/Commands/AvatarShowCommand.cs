using System.CommandLine;
using Likeness.Cli.Drawing;
using Likeness.Imaging;
using Likeness.Imaging.Drawing;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarShowCommand : TeachingCommand
{
    private const int DefaultColumns = 40;

    public AvatarShowCommand(Terminal terminal)
        : base("show", "Draws a person's picture in the terminal.")
    {
        var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID." };
        var columns = new Option<int>("--columns") { Description = "Width of the drawing.", HelpName = "N", DefaultValueFactory = _ => DefaultColumns };
        columns.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 4 or > 400)
            {
                result.AddError("--columns is a number from 4 to 400.");
            }
        });
        Add(address);
        Add(columns);
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new GetAvatar(parsed.GetRequiredValue(address)), cancellationToken);
            if (json.Wanted(parsed))
            {
                await json.Write(terminal, parsed, answer);
                return;
            }

            await terminal.Out.WriteAsync(await Picture(answer.Picture, terminal, parsed.GetValue(columns), cancellationToken));
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness avatar show juliet@example.org", "likeness avatar show juliet@example.org --columns 80", "likeness avatar show juliet@example.org --json"];
    }

    /// <summary>The picture in half blocks, or in letters where colours are not wanted.</summary>
    internal static async Task<string> Picture(ReadOnlyMemory<byte> picture, Terminal terminal, int columns, CancellationToken cancellationToken)
    {
        await using var renderer = RenderWorkerCommand.Renderer();
        var small = await renderer.Render(RenderRequest.Photo(picture, columns, ImageFormat.Png), cancellationToken);
        var pixels = Pixels.Decode(small.Bytes.Span);
        return terminal.Colours ? HalfBlocks.Draw(pixels) : HalfBlocks.Letters(pixels);
    }
}
