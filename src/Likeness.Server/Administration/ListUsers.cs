using Likeness.Server.Options;

namespace Likeness.Server.Administration;

/// <summary>Lists the accounts of one domain, or of every served one.</summary>
public sealed record ListUsers(string? Domain) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var accounts = new List<string>();
        foreach (var domain in Domains(context.Served))
        {
            accounts.AddRange((await context.Stores.Accounts.List(domain, cancellationToken)).Select(account => account.Value));
        }

        return new Answer { Accounts = accounts };
    }

    private IEnumerable<string> Domains(DomainPolicies? served)
    {
        if (Domain is null)
        {
            return served?.All.Select(policy => policy.Domain)
                ?? throw new OperationRefusedException("No server runs here and no configuration names its domains; say one with --domain.");
        }

        try
        {
            return [OptionText.Domain(Domain)];
        }
        catch (FormatException exception)
        {
            throw new OperationRefusedException(exception.Message + ".", exception);
        }
    }
}
