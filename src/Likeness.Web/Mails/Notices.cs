using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Language;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Mails;

/// <summary>Tells people by mail what happened in their account, at all their addresses. That it cannot be told keeps nothing from happening.</summary>
internal sealed partial class Notices(MailBook mails, WebSessions sessions, IHttpContextAccessor requests, ILogger<Notices> log) : IAccountListener
{
    /// <summary>Addresses of one person that are told.</summary>
    public const int MaxAddresses = 5;

    /// <param name="happened">One of the texts <c>event.*</c>.</param>
    /// <param name="more">What else its text says.</param>
    /// <param name="to">Null: the person's addresses of now.</param>
    public async Task Tell(Identity account, string happened, string more = "", IReadOnlyList<string>? to = null)
    {
        if (!mails.IsOn)
        {
            return;
        }

        // Where nobody is on a page it happened in a chat or by a command.
        var visitor = requests.HttpContext?.Features.Get<Visitor>();
        var words = visitor is null ? Words.In("en") : Words.Of(requests.HttpContext!);
        try
        {
            foreach (var address in (to ?? await mails.MailboxesOf(account, CancellationToken.None)).Take(MaxAddresses))
            {
                // One address that was told too often keeps the others from nothing.
                await mails.Add([mails.New(MailKind.Notice, account, address, words, account.Domain, visitor, MailBook.AddressLifetime, ("event", happened), ("more", more))], CancellationToken.None);
            }
        }
#pragma warning disable CA1031 // What happened has happened, whether or not somebody is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotTold(log, happened, exception);
        }
    }

    public ValueTask<IReadOnlyList<string>> AddressesOf(Identity account) => mails.IsOn ? mails.MailboxesOf(account, CancellationToken.None) : new([]);

    /// <summary>Somebody signed in on a page: that is told when no other session of the account is in such a browser.</summary>
    public async Task SignedIn(WebSession session)
    {
        if ((await sessions.List(session.Account)).All(one => one.Id == session.Id || one.Browser != session.Browser))
        {
            await Tell(session.Account, "signin", session.Browser);
        }
    }

    ValueTask IAccountListener.OnClosing(Identity account) => default;

    ValueTask IAccountListener.OnClosed(Identity account) => default;

    // Nobody is kept waiting for it.
    void IAccountListener.OnPasswordChanged(Identity account) => _ = Tell(account, "password");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Nobody could be told by mail of: {Event}")]
        public static partial void NotTold(ILogger logger, string @event, Exception exception);
    }
}

/// <summary>Acts of administrators of which the person is told by mail.</summary>
internal sealed class ToldAdministration(IAdministration administration, Notices notices) : IAdministration
{
    public async Task<string?> Carry(AdminAct act, Identity by, CancellationToken cancellationToken = default)
    {
        if (act is not AdminAct.ToPerson { Person: var person })
        {
            return await administration.Carry(act, by, cancellationToken);
        }

        // Whose account goes has no addresses afterwards.
        var to = await notices.AddressesOf(person);
        var answer = await administration.Carry(act, by, cancellationToken);
        var (happened, reason) = Said(act);
        await notices.Tell(person, happened, reason, to);
        return answer;
    }

    private static (string Happened, string Reason) Said(AdminAct act) => act switch
    {
        AdminAct.Clear clear => ("clear", clear.Reason),
        AdminAct.Lock held => ("lock", held.Reason),
        AdminAct.Unlock => ("unlock", ""),
        AdminAct.Block block => ("block", block.Reason),
        AdminAct.ClearProfile profile => ("profile", profile.Reason),
        AdminAct.SetPicture => ("set", ""),
        AdminAct.ConfirmAddress confirm => ("confirm", confirm.Address),
        AdminAct.EndSessions => ("end", ""),
        AdminAct.EndSecondFactor => ("endfactor", ""),
        AdminAct.GiveRole given => ("role", given.Domain is null ? given.Role.ToString() : $"{given.Role}, {given.Domain}"),
        AdminAct.TakeRole taken => ("norole", taken.Domain ?? nameof(Role.Operator)),
        AdminAct.Disable disable => ("disable", disable.Reason),
        AdminAct.Enable => ("enable", ""),
        AdminAct.Remove => ("remove", ""),
        _ => throw new ArgumentException($"No words say {act.GetType().Name}.", nameof(act)),
    };
}
