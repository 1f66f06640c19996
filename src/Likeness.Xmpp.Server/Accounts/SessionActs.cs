using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Accounts;

/// <summary>What operators do with those who are logged in.</summary>
public sealed class SessionActs
{
    private readonly AccountDirectory _directory;
    private readonly OpenConnections _connections;
    private readonly Binding _binding;

    internal SessionActs(AccountDirectory directory, OpenConnections connections, Binding binding) =>
        (_directory, _connections, _binding) = (directory, connections, binding);

    /// <summary>Connections that are open: clients, components and other servers.</summary>
    public int Connections => _connections.Count;

    /// <summary>Accounts of the domain with at least one session, in the order of their names.</summary>
    public IReadOnlyList<Jid> Online(string domain) =>
        [.. _directory.Loaded.Where(account => account.Jid.Domain == domain && !account.Sessions.IsEmpty).Select(account => account.Jid).OrderBy(jid => jid.Text, StringComparer.Ordinal)];

    /// <summary>Sessions of a bare address: where, and whether they wait for their clients to come back.</summary>
    public IReadOnlyList<(Jid Address, bool IsAway)> Of(Jid address) =>
        [.. _directory.FindLoaded(address.BareText)?.Sessions.Select(session => (session.Jid, session.IsAway)) ?? []];

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

    /// <summary>For an account that another process on the same database removed: what is in memory of it ends.</summary>
    /// <param name="address">The bare address.</param>
    public void Forget(string address)
    {
        if (_directory.FindLoaded(address) is not { } account)
        {
            return;
        }

        _directory.Forget(account.Jid);
        foreach (var session in account.Sessions)
        {
            session.Close(new StreamErrorException("not-authorized", "The account was removed."));
        }
    }

    /// <summary>The server goes: every peer is told <c>system-shutdown</c>, and the streams end by themselves.</summary>
    public void CloseAll() => _connections.CloseAll();

    /// <summary>The connections are over: what waits for clients that lost theirs is kept. Call while the stores are open.</summary>
    public Task EndAllAway() => _binding.EndAllAway();

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
