using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarUnblockCommand : TeachingCommand
{
    public AvatarUnblockCommand(Terminal terminal)
        : base("unblock", "Lets people show a picture again; nobody gets it back by that.")
    {
        var picture = new Argument<string>("PICTURE") { Description = "The file, or a hash that 'likeness avatar blocked' lists.", HelpName = "FILE|SHA1" };
        Add(picture);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var said = parsed.GetRequiredValue(picture);
            var hash = File.Exists(said) ? PictureId.Of(await File.ReadAllBytesAsync(said, cancellationToken)).Hex : said;
            await terminal.Out.WriteLineAsync((await common.Run(parsed, new UnblockPicture(hash), cancellationToken)).Text);
        });
        Examples = ["likeness avatar unblock 58a8ca82092f68cfa7768eb2c097879aa6bdc556"];
    }
}
