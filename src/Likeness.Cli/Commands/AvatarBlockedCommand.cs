using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarBlockedCommand : TeachingCommand
{
    public AvatarBlockedCommand(Terminal terminal)
        : base("blocked", "Lists the blocked pictures, a line for each form of one.")
    {
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            foreach (var block in (await common.Run(parsed, new ListBlocks(), cancellationToken)).Blocks ?? [])
            {
                string[] words = [block.Picture.Hex, $"{block.Since:yyyy-MM-dd}", Kind(block), block.Reason ?? ""];
                await terminal.Out.WriteLineAsync(string.Join("  ", words).TrimEnd());
            }
        });
        Examples = ["likeness avatar blocked"];
    }

    private static string Kind(PictureBlock block)
    {
        var form = block.Picture == block.Subject ? "itself" : $"form of {block.Subject.Hex[..8]}";
        return block.Near is null ? form : form + ", near copies";
    }
}
