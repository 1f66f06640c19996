using System.Collections.Concurrent;
using Likeness.Accounts;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Accounts;

/// <summary>What chat does when an account closes: its streams end first, then its contacts lose it, and until it is gone nobody finds it.</summary>
internal sealed partial class AccountClosing(
    AccountBook book,
    AccountDirectory directory,
    Subscriptions subscriptions,
    TimeProvider time,
    ILogger<AccountClosing> log) : IAccountListener
{
    /// <summary>How long a stream may take to finish what it is doing.</summary>
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Identity, Session> _asking = new();

    /// <summary>The account's own wish (XEP-0077 §3.2): the stream that asks ends last, when it has the answer.</summary>
    public async ValueTask Close(Session asking)
    {
        var account = asking.Account.Identity;
        if (!_asking.TryAdd(account, asking))
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "The account is being removed.");
        }

        try
        {
            await book.Close(account);
        }
        finally
        {
            _asking.TryRemove(account, out _);
            asking.Close(Removed());
        }
    }

    public async ValueTask OnClosing(Identity account)
    {
        if (Jid.TryParse(account.Value, out var jid) && await directory.Withdraw(jid) is { } closing)
        {
            await EndSessions(closing, _asking.GetValueOrDefault(account));
            await LeaveContacts(closing);
        }
    }

    public ValueTask OnClosed(Identity account)
    {
        if (Jid.TryParse(account.Value, out var jid))
        {
            directory.Reopen(jid);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Who is logged in is logged out; whoever is about to bind finds the account disabled.</summary>
    public async ValueTask OnDisabled(Identity account)
    {
        if (Jid.TryParse(account.Value, out var jid) && await directory.Find(jid) is { } disabled)
        {
            lock (disabled.Gate)
            {
                disabled.IsDisabled = true;
            }

            foreach (var session in disabled.Sessions)
            {
                session.Close(new StreamErrorException("not-authorized", "The account was disabled."));
            }
        }
    }

    public async ValueTask OnEnabled(Identity account)
    {
        if (Jid.TryParse(account.Value, out var jid) && await directory.Find(jid) is { } enabled)
        {
            lock (enabled.Gate)
            {
                enabled.IsDisabled = false;
            }
        }
    }

    private async Task EndSessions(Account account, Session? asking)
    {
        foreach (var session in account.Sessions)
        {
            if (session != asking)
            {
                session.Close(Removed());
            }
        }

        try
        {
            await account.Emptied(except: asking).WaitAsync(SessionTimeout, time);
        }
        catch (TimeoutException)
        {
            Log.StillThere(log, account.Jid.Text);
        }
    }

    private async Task LeaveContacts(Account account)
    {
        foreach (var contact in account.Roster.Items.Where(item => item.Listed).ToArray())
        {
            try
            {
                await subscriptions.Remove(account, contact.Contact);
            }
            catch (StanzaErrorException)
            {
                // Removed by the owner at the same moment.
            }
        }
    }

    private static StreamErrorException Removed() => new("not-authorized", "The account was removed.");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A stream of {Account} did not end in time; the account is removed all the same")]
        public static partial void StillThere(ILogger logger, string account);
    }
}
