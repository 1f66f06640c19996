using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.Avatars;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features;

/// <summary>The chat side's ear at the portrait book: the account in memory first, then PEP events, then presence (X398-41).</summary>
internal sealed partial class PortraitViews(AccountDirectory directory, AvatarEvents events, PresenceResend presences, ILogger<PortraitViews> log) : IPortraitListener
{
    public void OnPortraitChanged(PortraitChanged change)
    {
        if (directory.FindLoaded(change.Identity.Value) is { } account)
        {
            Show(account, change);
        }
        else if (Jid.TryParse(change.Identity.Value, out var jid) && jid.Local is not null && directory.Serves(jid.Domain))
        {
            _ = LoadAndShow(jid, change);
        }
    }

    private void Show(Account account, PortraitChanged change)
    {
        if (change.Cause == Cause.Elsewhere)
        {
            // What was shown until now is what the account in memory had, whatever the book still knew.
            change = change with { Before = account.Portrait };
        }

        account.Update(change.After);
        events.Send(account, change);
        presences.Schedule(account, change);
    }

    // Contacts of somebody who is offline hear of the new picture too.
    private async Task LoadAndShow(Jid jid, PortraitChanged change)
    {
        try
        {
            if (await directory.Find(jid) is { } account)
            {
                Show(account, change);
            }
        }
#pragma warning disable CA1031 // Nobody waits for this; the portrait is stored, and the next presence or request shows it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotShown(log, jid.Text, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The new portrait of {Account} could not be shown to its contacts")]
        public static partial void NotShown(ILogger logger, string account, Exception exception);
    }
}
