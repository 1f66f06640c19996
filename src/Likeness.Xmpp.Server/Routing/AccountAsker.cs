using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Asks in an account's own name from inside the server: without login, session or presence, so that nobody sees anybody come. The answers are those that a client of the account is given.</summary>
public sealed class AccountAsker
{
    /// <summary>For one answer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Router _router;

    internal AccountAsker(Router router) => _router = router;

    /// <summary>The answer to an <c>iq</c> of type <c>get</c>, which says to whom it goes.</summary>
    /// <exception cref="StanzaErrorException">The answer was an error.</exception>
    /// <exception cref="TimeoutException">No answer within <see cref="Timeout"/>.</exception>
    public async Task<Element> Request(Jid account, Element iq, CancellationToken cancellationToken = default)
    {
        if (iq["type"] != "get")
        {
            throw new ArgumentException("Nothing is changed by asking.", nameof(iq));
        }

        var owner = new Owner(account);
        var asked = iq.Copy().Set("id", StanzaId.New()).Set("from", owner.Jid.Text);
        await _router.Route(owner, asked, Jid.Parse(iq["to"] ?? account.BareText));
        var reply = await owner.First.WaitAsync(Timeout, cancellationToken);
        return reply["type"] == "error" ? throw StanzaReply.ReadError(reply) : reply;
    }

    /// <summary>What the account's clients show of themselves at this moment, as its contacts get it; empty: none is online.</summary>
    public async Task<IReadOnlyList<Element>> Presences(Jid account)
    {
        var owner = new Owner(account);
        await _router.Route(owner, new Element("presence", Ns.Client).Set("type", "probe").Set("from", owner.Jid.Text).Set("to", account.BareText), account.Bare);
        return owner.Said;
    }

    private sealed class Owner(Jid account) : Sessions.Sender
    {
        private readonly TaskCompletionSource<Element> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Element> _said = [];

        public override Jid Jid { get; } = Jid.Parse($"{account.BareText}/{StanzaId.New()}");

        public override bool IsOwner => true;

        public Task<Element> First => _first.Task;

        /// <summary>Presences of clients, nothing else.</summary>
        public IReadOnlyList<Element> Said
        {
            get
            {
                lock (_said)
                {
                    return [.. _said.Where(stanza => stanza is { Name: "presence" } && stanza["type"] is null)];
                }
            }
        }

        public override void Reply(Element stanza)
        {
            lock (_said)
            {
                _said.Add(stanza);
            }

            _first.TrySetResult(stanza);
        }
    }
}
