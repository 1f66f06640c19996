using Likeness.Server.Options;

namespace Likeness.Server.Administration;

/// <summary>The invitation for who is to administer, made at each start until the account is there; the one of the last start is not good any more.</summary>
internal static class AdminInvitation
{
    private const string By = "admin-invite";

    /// <summary>What to print; null: nobody is to be invited.</summary>
    public static async Task<string?> Make(OperationContext context, LikenessOptions options, CancellationToken cancellationToken)
    {
        if (options.AdminInvite is not { } account || await context.Stores.Accounts.Find(new Identity(account), cancellationToken) is not null)
        {
            return null;
        }

        foreach (var last in await context.Stores.Invitations.List(cancellationToken))
        {
            if (last.By == By)
            {
                await context.Invitations.TakeBack(last.Id, cancellationToken);
            }
        }

        try
        {
            return (await new Invite(account, null, null).Carry(context with { By = By }, cancellationToken)).Text;
        }
        catch (OperationRefusedException refused)
        {
            return refused.Message;
        }
    }
}
