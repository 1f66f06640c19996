using System.CommandLine;
using System.CommandLine.Help;
using Likeness.Cli.Commands;

namespace Likeness.Cli;

/// <summary>The list of commands.</summary>
internal sealed class LikenessCommand : RootCommand, ITeaching
{
    public LikenessCommand(Terminal terminal)
        : base("One portrait per person, shown on web sites (Libravatar) and in chats (XMPP).")
    {
        Add(new DemoCommand(terminal));
        Add(new ServeCommand(terminal));
        Add(new UserCommand(terminal));
        Add(new AvatarCommand(terminal));
        Add(new RenderWorkerCommand());
        SetAction(parsed => Options.OfType<HelpOption>().Single().Action is HelpWithExamples help ? help.Invoke(parsed) : ExitCode.Usage);
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "likeness demo",
        "likeness serve --domain example.org",
        "likeness user add juliet@example.org",
        "likeness avatar set juliet@example.org portrait.jpg",
    ];
}
