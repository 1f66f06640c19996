using System.Net;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>A server that somebody else started; it is left running.</summary>
sealed class AttachedServer(EndPoint address, int? pid, bool prepared) : IServerAdapter
{
    public string Name => "attached";

    public string? Missing => null;

    public async Task Prepare(string directory, Population population)
    {
        if (prepared)
            return;
        var target = new Target(address, "localhost");
        await Registration.Register(target, [.. Enumerable.Range(0, population.Users)]);
        await Rosters.Subscribe(target, population);
    }

    public Task<RunningServer> Start(string directory, bool archives) => Task.FromResult(RunningServer.Attach(address, pid));

    public Task<RunningServer> StartFederated(Federated how) => throw new NotSupportedException("needs two servers, which are started by the driver");
}
