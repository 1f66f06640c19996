using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Accounts;

/// <summary>What operators do with those who are logged in.</summary>
public sealed class SessionActs
{
    private readonly AccountDirectory _directory;

    internal SessionActs(AccountDirectory directory) => _directory = directory;

    /// <summary>Accounts of the domain with at least one session, in the order of their names.</summary>
    public IReadOnlyList<Jid> Online(string domain) =>
        [.. _directory.Loaded.Where(account => account.Jid.Domain == domain && !account.Sessions.IsEmpty).Select(account => account.Jid).OrderBy(jid => jid.Text, StringComparer.Ordinal)];

    /// <summary>Ends all sessions of a bare address, or the one of a full address, also one that waits for its client. They may log in again.</summary>
    /// <returns>How many.</returns>
    public int End(Jid address)
    {
        if (_directory.FindLoaded(address.BareText) is not { } account)
        {
            return 0;
        }

        var ended = account.Sessions.Where(session => address.Resource is not { } resource || session.Jid.Resource == resource).ToArray();
        foreach (var session in ended)
        {
            session.Close(new StreamErrorException("policy-violation", "An administrator ended the session."));
        }

        return ended.Length;
    }

    /// <summary>Tells everybody who is available on the domain.</summary>
    /// <returns>How many clients.</returns>
    public int Announce(string domain, string? subject, string text)
    {
        var count = 0;
        foreach (var session in Online(domain).Select(jid => _directory.FindLoaded(jid.Text)).OfType<Account>().SelectMany(account => account.Sessions))
        {
            if (!session.IsAvailable)
            {
                continue;
            }

            var message = new Element("message", Ns.Client).Set("from", domain).Set("to", session.Jid.Text).Set("id", StanzaId.New());
            session.Send((subject is null ? message : message.Add("subject", subject)).Add("body", text));
            count++;
        }

        return count;
    }
}
