namespace Likeness.Cli.Commands;

internal sealed class AvatarCommand : TeachingCommand
{
    public AvatarCommand(Terminal terminal)
        : base("avatar", "Portraits: set, read, show or take away anybody's picture.")
    {
        Add(new AvatarSetCommand(terminal));
        Add(new AvatarGetCommand(terminal));
        Add(new AvatarShowCommand(terminal));
        Add(new AvatarListCommand(terminal));
        Add(new AvatarClearCommand(terminal));
        Add(new AvatarLockCommand(terminal));
        Add(new AvatarUnlockCommand(terminal));
        Add(new AvatarBlockCommand(terminal));
        Add(new AvatarUnblockCommand(terminal));
        Add(new AvatarBlockedCommand(terminal));
        Examples = ["likeness avatar set juliet@example.org portrait.jpg", "likeness avatar show juliet@example.org"];
    }
}
