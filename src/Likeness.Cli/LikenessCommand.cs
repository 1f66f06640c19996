using System.CommandLine.Help;
using Likeness.Cli.Commands;

namespace Likeness.Cli;

/// <summary>The list of commands.</summary>
internal sealed class LikenessCommand : TeachingCommand
{
    public LikenessCommand(Terminal terminal)
        : base("likeness", "One portrait per person, shown on web sites (Libravatar) and in chats (XMPP).")
    {
        Add(new DemoCommand(terminal));
        Add(new InitCommand(terminal));
        Add(new ServeCommand(terminal));
        Add(new UserCommand(terminal));
        Add(new AdminCommand(terminal));
        Add(new InviteCommand(terminal));
        Add(new AvatarCommand(terminal));
        Add(new ProfileCommand(terminal));
        Add(new FacesCommand(terminal));
        Add(new AddressCommand(terminal));
        Add(new UrlCommand(terminal));
        Add(new FetchCommand(terminal));
        Add(new XmppCommand(terminal));
        Add(new DnsCommand(terminal));
        Add(new CheckCommand(terminal));
        Add(new ImportCommand(terminal));
        Add(new ExportCommand(terminal));
        Add(new BackupCommand(terminal));
        Add(new RestoreCommand(terminal));
        Add(new LogCommand(terminal));
        Add(new StatusCommand(terminal));
        Add(new ConfigCommand(terminal));
        Add(new TokenCommand(terminal));
        Add(new RoomCommand(terminal));
        Add(new S2sCommand(terminal));
        Add(new BesideCommand(terminal));
        Add(new WebhookCommand(terminal));
        Add(new CompletionCommand(terminal));
        Add(new ManualCommand());
        Add(new RenderWorkerCommand());
        VersionAnswer.AddTo(this);
        var help = new HelpOption { Recursive = true };
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        Add(help);
        SetAction(parsed => ((HelpWithExamples)help.Action).Invoke(parsed));
        Examples =
        [
            "likeness demo",
            "likeness init",
            "likeness serve",
            "likeness avatar set juliet@example.org portrait.jpg",
            "likeness check example.org",
        ];
    }
}
