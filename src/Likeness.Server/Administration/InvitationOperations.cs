using System.Globalization;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Xmpp;

namespace Likeness.Server.Administration;

/// <summary>Invites somebody to open an account; the link is shown, this once.</summary>
/// <param name="Account">A domain, or the account that is kept for whoever is invited; null: of the default domain.</param>
/// <param name="Inviter">Who becomes a contact; null: nobody.</param>
public sealed record Invite(string? Account, string? Inviter, int? Days) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (domain, name) = Read(context.Served);
        if (Days is < 1 or > InvitationBook.MaxDays)
        {
            throw new OperationRefusedException($"An invitation is good for 1 to {InvitationBook.MaxDays} days.");
        }

        Identity? inviter = Inviter is null ? null : AccountName.Read(Inviter, context.Served);
        if (inviter is { } host)
        {
            await context.Accounts.Check(host, exists: true, cancellationToken);
        }

        var lifetime = Days is { } days ? TimeSpan.FromDays(days) : InvitationBook.DefaultLifetime;
        var wish = new InvitationWish(domain, name, inviter, ForContact: false, OpensAccount: true, context.By) { Lifetime = lifetime };
        var (invitation, token) = await context.Invitations.Create(wish, cancellationToken);
        var row = new Dictionary<string, string>(InvitationOperations.Row(invitation)) { ["uri"] = InvitationLinks.Chat(invitation, token) };
        if (context.InvitationLinks.Page(token) is { } page)
        {
            row["url"] = page.AbsoluteUri;
        }

        string[] links = row.TryGetValue("url", out var url) ? [url, row["uri"]] : [row["uri"]];
        return new Answer
        {
            Text = string.Join(Environment.NewLine, links),
            Lines = links,
            Rows = [row],
            Notes = [new AuditNote("invite", name is null ? null : $"{name}@{domain}", Detail: $"{invitation.Id} for {domain}")],
        };
    }

    private (string Domain, string? Name) Read(DomainPolicies? served)
    {
        if (Account is null)
        {
            return (served?.Default.Domain ?? throw new OperationRefusedException("No server runs here and no configuration names its domains; say one."), null);
        }

        if (Account.Contains('@', StringComparison.Ordinal))
        {
            var account = Jid.Parse(AccountName.Read(Account, served).Value);
            return (account.Domain, account.Local);
        }

        return served is null || served.Serves(Account) ? (Account, null) : throw new OperationRefusedException($"'{Account}' is not served here.");
    }
}

/// <summary>Lists invitations that were not used yet.</summary>
public sealed record ListInvitations : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var rows = (await context.Invitations.List(cancellationToken)).Select(InvitationOperations.Row).ToArray();
        return new Answer { Rows = rows, Lines = [.. rows.Select(row => $"{row["id"]}  {row["for"]}  by {row["by"]}  until {row["expires"]}")] };
    }
}

/// <summary>Takes an invitation back.</summary>
public sealed record RemoveInvitation(string Id) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) =>
        await context.Invitations.TakeBack(Id, cancellationToken)
            ? new Answer { Text = $"The invitation {Id} opens nothing any more.", Notes = [new AuditNote("invite remove", null, Detail: Id)] }
            : throw new OperationRefusedException($"There is no invitation {Id}; 'likeness invite list' shows those there are.");
}

/// <summary>What operations on invitations share.</summary>
internal static class InvitationOperations
{
    public static IReadOnlyDictionary<string, string> Row(Invitation invitation) => new Dictionary<string, string>
    {
        ["id"] = invitation.Id,
        ["for"] = invitation.Name is { } name ? $"{name}@{invitation.Domain}" : invitation is { ForContact: true, OpensAccount: false, Inviter: { } inviter } ? $"a contact of {inviter.Value}" : invitation.Domain,
        ["by"] = invitation.By,
        ["contact"] = invitation.Inviter?.Value ?? "",
        ["created"] = invitation.Created.ToString("u", CultureInfo.InvariantCulture),
        ["expires"] = invitation.Expires.ToString("u", CultureInfo.InvariantCulture),
    };
}
