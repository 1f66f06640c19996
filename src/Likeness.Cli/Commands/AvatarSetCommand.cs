using System.CommandLine;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Cli.Commands;

internal sealed class AvatarSetCommand : TeachingCommand
{
    public AvatarSetCommand(Terminal terminal)
        : base("set", "Gives a person this picture, on the web and in chats. JPEG, PNG, WebP, GIF or AVIF; cropped square, stripped of metadata.")
    {
        var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID; one without an account is registered." };
        var file = new Argument<string>("FILE") { Description = "The picture." };
        Add(address);
        Add(file);
        var trust = new Option<bool>("--trust-addresses") { Description = "Take a new address of a domain that is not served here as confirmed." };
        Add(trust);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var bytes = await NamedFile.Read(parsed.GetRequiredValue(file), cancellationToken);
            var answer = await common.Run(parsed, new SetAvatar(parsed.GetRequiredValue(address), bytes, parsed.GetValue(trust)), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness avatar set juliet@example.org portrait.jpg"];
    }
}
