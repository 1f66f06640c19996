namespace Likeness.Cli.Commands;

internal sealed class UserCommand : TeachingCommand
{
    public UserCommand(Terminal terminal)
        : base("user", "Accounts: who can log in to chats.")
    {
        Add(new UserAddCommand(terminal));
        Add(new UserPasswordCommand(terminal));
        Add(new UserListCommand(terminal));
        Add(new UserSessionsCommand(terminal));
        Add(new UserSecondFactorCommand(terminal));
        Add(new UserDisableCommand(terminal));
        Add(new UserEnableCommand(terminal));
        Add(new UserRemoveCommand(terminal));
        Examples = ["likeness user add juliet@example.org", "likeness user list"];
    }
}
