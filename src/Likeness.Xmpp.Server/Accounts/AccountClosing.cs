using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Accounts;

/// <summary>Removes an account with everything of it: its contacts lose it, every view of its portrait empties, its streams end.</summary>
public sealed class AccountClosing(IStores stores, PortraitBook book, AddressBook addresses, AccountDirectory directory, Subscriptions subscriptions)
{
    public async ValueTask Close(Account account)
    {
        foreach (var contact in account.Roster.Items.Where(item => item.Listed).ToArray())
        {
            await subscriptions.Remove(account, contact.Contact);
        }

        await book.Remove(account.Identity);
        await stores.Accounts.Remove(account.Identity);
        addresses.Forget();
        book.Forget(account.Identity);
        directory.Forget(account.Jid);
        foreach (var session in account.Sessions)
        {
            // XEP-0077 §3.2
            session.Close(new StreamErrorException("not-authorized", "The account was removed."));
        }
    }
}
