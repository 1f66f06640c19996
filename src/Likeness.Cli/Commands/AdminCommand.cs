using System.CommandLine;
using Likeness.Server.Administration;
using Likeness.Stores;

namespace Likeness.Cli.Commands;

internal sealed class AdminCommand : TeachingCommand
{
    public AdminCommand(Terminal terminal)
        : base("admin", "Who administers: operators, administrators and moderators of a domain.")
    {
        Add(new AdminAddCommand(terminal));
        Add(new AdminRemoveCommand(terminal));
        Add(new AdminListCommand(terminal));
        Examples = ["likeness admin add juliet@example.org", "likeness admin add romeo@example.org --domain example.org --moderator", "likeness admin list"];
    }

    internal static Argument<string> Account() => new("JID") { Description = "The account." };

    internal static Option<string?> Domain(string description) => new("--domain") { Description = description, HelpName = "DOMAIN" };
}

internal sealed class AdminAddCommand : TeachingCommand
{
    public AdminAddCommand(Terminal terminal)
        : base("add", "Makes an account operator, or with --domain administrator of a domain.")
    {
        var account = AdminCommand.Account();
        var domain = AdminCommand.Domain("Administrator of this domain only: its people, pictures and invitations. Without it: operator, everything everywhere.");
        var moderator = new Option<bool>("--moderator") { Description = "Moderator of the domain: its pictures, and what was reported of them." };
        Add(account);
        Add(domain);
        Add(moderator);
        Validators.Add(parsed =>
        {
            if (parsed.GetValue(moderator) && parsed.GetValue(domain) is null)
            {
                parsed.AddError("A moderator is one of a domain: say it with --domain.");
            }
        });
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var role = parsed.GetValue(domain) is null ? Role.Operator : parsed.GetValue(moderator) ? Role.Moderator : Role.Administrator;
            var operation = new GiveRole(parsed.GetRequiredValue(account), role, parsed.GetValue(domain));
            await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
        });
        Examples = ["likeness admin add juliet@example.org", "likeness admin add nurse@example.org --domain example.org"];
    }
}

internal sealed class AdminRemoveCommand : TeachingCommand
{
    public AdminRemoveCommand(Terminal terminal)
        : base("remove", "Takes a role back; it counts no more from the next request on.")
    {
        var account = AdminCommand.Account();
        var domain = AdminCommand.Domain("The role for this domain. Without it: that of an operator.");
        Add(account);
        Add(domain);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
            await terminal.Out.WriteLineAsync((await common.Run(parsed, new TakeRole(parsed.GetRequiredValue(account), parsed.GetValue(domain)), cancellationToken)).Text));
        Examples = ["likeness admin remove nurse@example.org --domain example.org"];
    }
}

internal sealed class AdminListCommand : TeachingCommand
{
    public AdminListCommand(Terminal terminal)
        : base("list", "Lists who administers, and who said so.")
    {
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) => await json.Write(terminal, parsed, await common.Run(parsed, new ListRoles(), cancellationToken)));
        Examples = ["likeness admin list", "likeness admin list --json"];
    }
}
