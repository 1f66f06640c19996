using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Servers;
using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>What a scenario plays on: a running server that knows the population, and for how long.</summary>
sealed record Stage(Target Target, RunningServer Server, Population Population, TimeSpan WarmUp, TimeSpan Length, int IdleSessions, IServerAdapter Adapter, string Directory)
{
    public Task<XmppConnection[]> Open(IReadOnlyList<int> users, LoginKind kind) =>
        Crowd.Each(users, atOnce: 16, user => Login.Open(Target, user, kind));
}
