using System.Globalization;
using Likeness.Server.Options;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Makes somebody operator, or administrator or moderator of a domain.</summary>
/// <param name="Domain">Null: everywhere, which is for operators.</param>
public sealed record GiveRole(string Account, Role Role, string? Domain) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        var domain = RoleText.Domain(Domain, context.Served);
        if (Role == Role.Operator != (domain is null))
        {
            throw new OperationRefusedException(Role == Role.Operator ? "An operator is one everywhere; leave the domain out." : "Say of which domain.");
        }

        await context.Accounts.Check(account, exists: true, cancellationToken);
        if (!await context.Stores.Roles.Give(new HeldRole(account, Role, domain, context.By, context.Time.GetUtcNow()), cancellationToken))
        {
            throw new OperationRefusedException("There are too many roles already; take one back first.");
        }

        await context.Roles.Refresh(CancellationToken.None);
        return new Answer { Text = $"{account} is {RoleText.Of(Role, domain)} now.", Notes = [new AuditNote("admin add", account.Value, Detail: RoleText.Of(Role, domain))] };
    }
}

/// <summary>Takes a role back; it counts no more from the next request on.</summary>
/// <param name="Domain">Null: that of an operator.</param>
public sealed record TakeRole(string Account, string? Domain) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        // A domain that is served no longer can still be cleaned up.
        var (account, domain) = (AccountName.Read(Account, served: null), RoleText.Domain(Domain, served: null));
        if (!await context.Stores.Roles.Take(account, domain, cancellationToken))
        {
            var named = domain is null && context.Roles.Named.Contains(account) ? $" The configuration names it (admin), and there it is taken out." : "";
            throw new OperationRefusedException($"{account} was given no role {(domain is null ? "for all domains" : $"for {domain}")}.{named}");
        }

        await context.Roles.Refresh(CancellationToken.None);
        var where = domain is null ? "operator" : $"of {domain}";
        return new Answer { Text = $"{account} is nothing more {(domain is null ? "for all domains" : $"for {domain}")}.", Notes = [new AuditNote("admin remove", account.Value, Detail: where)] };
    }
}

/// <summary>Lists who holds a role, and who gave it.</summary>
public sealed record ListRoles : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        List<Dictionary<string, string>> rows =
        [
            .. context.Roles.Named.Select(account => new Dictionary<string, string> { ["account"] = account.Value, ["role"] = "operator", ["by"] = "configuration" }),
            .. (await context.Stores.Roles.List(cancellationToken)).Select(role =>
            {
                var row = new Dictionary<string, string>
                {
                    ["account"] = role.Account.Value,
                    ["role"] = role.Role.ToString().ToLowerInvariant(),
                    ["by"] = role.By,
                    ["since"] = role.Since.ToString("O", CultureInfo.InvariantCulture),
                };
                if (role.Domain is { } domain)
                {
                    row["domain"] = domain;
                }

                return row;
            }),
        ];
        return new Answer { Lines = [.. rows.Select(Line)], Rows = rows };
    }

    private static string Line(Dictionary<string, string> row) => string.Join(
        "  ",
        row["account"],
        row.TryGetValue("domain", out var domain) ? $"{row["role"]} of {domain}" : row["role"],
        row.TryGetValue("since", out var since) ? $"by {row["by"]}, {since[..10]}" : "by the configuration");
}

/// <summary>How roles are said.</summary>
internal static class RoleText
{
    public static string Of(Role role, string? domain) => domain is null ? "operator" : $"{(role == Role.Administrator ? "administrator" : "moderator")} of {domain}";

    public static string? Domain(string? text, DomainPolicies? served)
    {
        try
        {
            return text is null ? null
                : OptionText.Domain(text) is var domain && (served is null || served.Serves(domain)) ? domain
                : throw new OperationRefusedException($"'{domain}' is not served here.");
        }
        catch (FormatException exception)
        {
            throw new OperationRefusedException(exception.Message + ".", exception);
        }
    }
}
