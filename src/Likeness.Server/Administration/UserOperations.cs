using System.Globalization;
using Likeness.Server.Options;
using Likeness.Xmpp;

namespace Likeness.Server.Administration;

/// <summary>Whether an account can be added, or changed, as far as that is known without its password.</summary>
/// <param name="Exists">It has to be there, or must not be.</param>
public sealed record CheckAccount(string Account, bool Exists) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Check(account, Exists, cancellationToken);
        return new Answer();
    }
}

/// <summary>Makes an account; its JID becomes an address that web sites can ask by.</summary>
public sealed record AddUser(string Account, string Password) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Add(account, Password, context.By, cancellationToken);
        return new Answer { Text = $"{account} can log in." };
    }
}

/// <summary>Gives an account another password.</summary>
public sealed record ChangePassword(string Account, string Password) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.ChangePassword(account, Password, chosen: false, cancellationToken: cancellationToken);
        return new Answer { Text = $"{account} has a new password.", Notes = [new AuditNote("user passwd", account.Value)] };
    }
}

/// <summary>Removes an account with everything stored for it.</summary>
public sealed record RemoveUser(string Account) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        // A domain that is served no longer can still be cleaned up.
        var account = AccountName.Read(Account, served: null);

        if (!await context.Accounts.Close(account, cancellationToken))
        {
            throw new OperationRefusedException($"There is no account {account}.");
        }

        return new Answer { Text = $"{account} is gone, with everything kept for it.", Notes = [new AuditNote("user remove", account.Value)] };
    }
}

/// <summary>Nobody logs in to the account any more; nothing of it goes.</summary>
public sealed record DisableUser(string Account, string? Reason) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Disable(account, Reason, context.By, cancellationToken);
        return new Answer { Text = $"{account} is disabled: nobody logs in to it, and everything of it stays." };
    }
}

/// <summary>People log in to the account again.</summary>
public sealed record EnableUser(string Account) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Enable(account, context.By, cancellationToken);
        return new Answer { Text = $"{account} can log in again." };
    }
}

/// <summary>Lists the accounts of one domain, or of every served one.</summary>
/// <param name="IsDisabled">Those that are disabled only.</param>
public sealed record ListUsers(string? Domain, bool IsDisabled = false) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var accounts = new List<string>();
        foreach (var domain in Domains(context.Served))
        {
            accounts.AddRange((await context.Stores.Accounts.List(domain, IsDisabled, cancellationToken)).Select(account => account.Value));
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

/// <summary>Lists who is logged in to an account, and which of its clients may log in without the password.</summary>
public sealed record ListSessions(string Account) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Check(account, exists: true, cancellationToken);
        List<Dictionary<string, string>> rows = [.. context.Sessions?.Of(Jid.Parse(account.Value)).Select(session => new Dictionary<string, string>
        {
            ["kind"] = "session",
            ["resource"] = session.Address.Resource!,
            ["state"] = session.IsAway ? "away" : "connected",
        }) ?? []];
        foreach (var client in await context.Tokens.List(account, cancellationToken))
        {
            rows.Add(new Dictionary<string, string>
            {
                ["kind"] = "token",
                ["client"] = client.Client,
                ["software"] = client.Software ?? "",
                ["device"] = client.Device ?? "",
                ["expires"] = (client.Next ?? client.Current)!.Expires.ToString("O", CultureInfo.InvariantCulture),
            });
        }

        return new Answer { Lines = [.. rows.Select(Line)], Rows = rows };
    }

    private static string Line(Dictionary<string, string> row) => row["kind"] == "session"
        ? $"session  {row["resource"]}  {row["state"]}"
        : $"token  {row["client"]}  {Named(row["software"])}  {Named(row["device"])}  until {row["expires"][..10]}";

    private static string Named(string name) => name.Length == 0 ? "-" : name;
}

/// <summary>The password is enough from now on, for somebody who lost the authenticator and the codes.</summary>
public sealed record EndSecondFactor(string Account) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Check(account, exists: true, cancellationToken);
        return await context.SecondFactors.TurnOff(account, context.By, cancellationToken)
            ? new Answer { Text = $"{account}: the password is enough from now on." }
            : throw new OperationRefusedException($"{account} has no second factor.");
    }
}

/// <summary>Ends all sessions of an account; every client needs the password then.</summary>
public sealed record RevokeSessions(string Account) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var account = AccountName.Read(Account, context.Served);
        await context.Accounts.Check(account, exists: true, cancellationToken);

        // The tokens first, or a client that is cut off would be back with one.
        var tokens = await context.Tokens.Revoke(account, cancellationToken);
        var sessions = (context.Sessions?.End(Jid.Parse(account.Value)) ?? 0) + await context.Stores.WebSessions.RemoveAll(account, cancellationToken: cancellationToken);
        return new Answer
        {
            Text = $"{account}: {sessions} sessions ended, {tokens} clients need the password again.",
            Notes = [new AuditNote("user sessions revoke", account.Value)],
        };
    }
}
