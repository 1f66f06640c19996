using System.CommandLine;
using System.Globalization;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarBlockCommand : TeachingCommand
{
    private readonly Terminal _terminal;
    private readonly CommonOptions _common;

    public AvatarBlockCommand(Terminal terminal)
        : base("block", "Keeps a picture from ever being shown by anybody, and takes it away from everybody who shows it.")
    {
        _terminal = terminal;
        var picture = new Argument<string>("PICTURE") { Description = "A file, the SHA-1 of one, or the address of somebody who shows it.", HelpName = "ADDRESS|FILE|SHA1" };
        var near = new Option<bool>("--near") { Description = "Near copies too: scaled, recompressed or toned." };
        Add(picture);
        Add(near);
        var reason = ReasonOption.AddTo(this, "Why; people who bring it are told, and it is kept in the log.");
        _common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var operation = await Operation(parsed.GetRequiredValue(picture), parsed.GetValue(near), parsed.GetValue(reason), cancellationToken);
            var answer = await _common.Run(parsed, operation, cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
            if (operation.Near)
            {
                await ClearNearCopies(parsed, answer.Next!, answer.Count, cancellationToken);
            }
        });
        Examples =
        [
            "likeness avatar block juliet@example.org --reason 'not hers'",
            "likeness avatar block logo.png --near",
            "likeness avatar block 58a8ca82092f68cfa7768eb2c097879aa6bdc556",
        ];
    }

    private static async Task<BlockPicture> Operation(string picture, bool near, string? reason, CancellationToken cancellationToken)
    {
        if (File.Exists(picture))
        {
            return new BlockPicture(null, null, await File.ReadAllBytesAsync(picture, cancellationToken), near, reason);
        }

        return PictureId.TryParse(picture, out var id)
            ? new BlockPicture(null, id.Hex, null, near, reason)
            : new BlockPicture(picture, null, null, near, reason);
    }

    private async Task ClearNearCopies(ParseResult parsed, string subject, long stored, CancellationToken cancellationToken)
    {
        var cleared = new List<string>();
        await using var administrator = _common.Administrator(parsed);
        await Progress.Show(_terminal, "Looking for near copies", stored, async advance =>
        {
            string? next = null;
            do
            {
                var page = await administrator.Run(new ClearNearCopies(subject, next), cancellationToken);
                cleared.AddRange(page.Accounts ?? []);
                advance(page.Count);
                next = page.Next;
            }
            while (next is not null);
        });
        await _terminal.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{cleared.Count} showed near copies and show nothing now."));
        foreach (var person in cleared)
        {
            await _terminal.Out.WriteLineAsync("  " + person);
        }
    }
}
