using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>Likeness from this tree; accounts and contacts are made with the stanzas that clients use.</summary>
sealed class LikenessServer(string program) : IServerAdapter
{
    public string Name => "likeness";

    public string? Missing => File.Exists(program) ? null : $"{program}, or another one named by --likeness";

    public async Task Prepare(string directory, Population population)
    {
        Directory.CreateDirectory(Path.Combine(directory, "data"));
        // The launcher builds what has changed; that is no part of a start.
        await Shell.Run("/bin/bash", "-c", $"{program} --version > /dev/null");
        await using var server = await Start(directory, archives: false);
        var target = new Target(server.Address, "localhost");
        await Registration.Register(target, [.. Enumerable.Range(0, population.Users)]);
        await Rosters.Subscribe(target, population);
    }

    public Task<RunningServer> Start(string directory, bool archives)
    {
        var port = Loopback.FreePort();
        var web = Loopback.FreePort();
        var line = $"{program} serve --data {directory}/data --domain localhost --http 127.0.0.1:{web} --xmpp 127.0.0.1:{port} --registration open --dev-plaintext --most-contacts 5000 --most-room-stanzas-per-second 0 --most-rooms-per-person 1000 --archive {(archives ? "yes" : "no")}";
        return RunningServer.Start(new ServerCommand(directory, line, port) { WebPort = web });
    }

    public Task<RunningServer> StartFederated(Federated how)
    {
        var port = Loopback.FreePort();
        var domains = string.Join(' ', how.Domains.Select(domain => $"--domain {domain}"));
        var line = $"{program} serve --data {how.Directory}/data {domains} --http 127.0.0.1:{Loopback.FreePort()} --xmpp 127.0.0.1:{port} --registration open --dev-plaintext --archive no"
            + $" --s2s 127.0.0.1:{how.Port} --dns 127.0.0.1:{how.Resolver} --s2s-authorities {how.File("authority.pem")} --cert {how.File("domain.crt")} --key {how.File("domain.key")}";
        return how.Populated(RunningServer.Start(new ServerCommand(how.Directory, line, port)));
    }
}
