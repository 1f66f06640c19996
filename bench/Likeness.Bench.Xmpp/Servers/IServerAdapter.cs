using Likeness.Bench.Xmpp.People;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>Knows how one kind of server is set up with the population and started.</summary>
interface IServerAdapter
{
    string Name { get; }

    /// <summary>What must be installed first, null when everything is there.</summary>
    string? Missing { get; }

    /// <summary>Fills <paramref name="directory"/> once with accounts and rosters; runs start from copies of it.</summary>
    Task Prepare(string directory, Population population);

    /// <param name="archives">Whether messages go into the archives of both who talk.</param>
    Task<RunningServer> Start(string directory, bool archives);

    /// <summary>Starts one whose domains talk to others; the first domain has the <see cref="Federated.People"/> and no contacts.</summary>
    Task<RunningServer> StartFederated(Federated how);
}
