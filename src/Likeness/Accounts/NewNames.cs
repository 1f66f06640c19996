using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Sasl;

namespace Likeness.Accounts;

/// <summary>Which names people may open an account under, and whose passwords are not here.</summary>
internal sealed class NewNames(IStores stores, ReservedNames? reserved, TimeProvider time)
{
    /// <summary>Refuses another password for who has none here, because it is on a chat server beside this one.</summary>
    public void CheckPassword(AccountRecord? account)
    {
        if (account is { Hashes: ScramHashes.None } && reserved?.Domains.Contains(account.Account.Domain) is true)
        {
            throw new AccountRefusedException(AccountRefusal.Elsewhere, $"The passwords of {account.Account.Domain} are on its chat server.");
        }
    }

    /// <summary>A name that its operator gave may be any.</summary>
    /// <exception cref="AccountRefusedException">It is not to be had.</exception>
    public async ValueTask Check(Jid jid, Invitation? invitation, CancellationToken cancellationToken)
    {
        if (invitation?.Name is { } given)
        {
            if (given != jid.Local)
            {
                throw new AccountRefusedException(AccountRefusal.Name, $"The invitation is for the name {given}.");
            }

            return;
        }

        if ((reserved?.FaultIn(jid) ?? ChosenNames.FaultIn(jid.Local!)) is { } fault)
        {
            throw new AccountRefusedException(AccountRefusal.Name, fault);
        }

        if (await stores.Invitations.Reserves(jid.Domain, jid.Local!, invitation?.Id, time.GetUtcNow(), cancellationToken))
        {
            throw new AccountRefusedException(AccountRefusal.Taken, "The name is taken.");
        }
    }
}
