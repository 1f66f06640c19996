using System.CommandLine;
using Likeness.Cli.Federation;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarListCommand : TeachingCommand
{
    public AvatarListCommand(Terminal terminal)
        : base("list", "Lists who shows a picture, one per line: person, picture, form and size, who sees it, last change.")
    {
        var domain = new Option<string?>("--domain") { Description = "Only people of this domain.", HelpName = "NAME" };
        var limit = new Option<int?>("--limit") { Description = "At most so many. Without it: all.", HelpName = "N" };
        domain.Validators.Add(result =>
        {
            if (!HostText.TryRead(result.GetValueOrDefault<string?>(), out _))
            {
                result.AddError("--domain is a domain name such as example.org.");
            }
        });
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--limit is a number from 1 on.");
            }
        });
        Add(domain);
        Add(limit);
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            await using var administrator = common.Administrator(parsed);
            var left = parsed.GetValue(limit) ?? int.MaxValue;
            string? next = null;
            do
            {
                var page = await administrator.Run(new ListPortraits(parsed.GetValue(domain), next), cancellationToken);
                var rows = page.Rows!.Take(left).ToList();
                await json.Write(terminal, parsed, page with { Rows = rows, Lines = [.. page.Lines!.Take(left)] });
                left -= rows.Count;
                next = page.Next;
            }
            while (next is not null && left > 0);
        });
        Examples = ["likeness avatar list", "likeness avatar list --domain example.org --json --limit 100"];
    }
}
