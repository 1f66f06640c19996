using System.Net;
using Likeness.Cli.Commands;
using Likeness.Server;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Serving;

/// <summary>A server in this process on free ports, with the real program as render worker.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(LikenessHost host) => Host = host;

    public LikenessHost Host { get; }

    public HttpClient Web { get; } = new();

    public static async Task<RunningServer> Start(string data, Func<LikenessOptions, LikenessOptions>? change = null, TimeProvider? time = null)
    {
        var free = new IPEndPoint(IPAddress.Loopback, 0);
        var options = new LikenessOptions { DataDirectory = data, Domains = ["example.org"], Http = [free], Https = [free], Xmpp = [free] };
        var host = await LikenessHost.Start(change?.Invoke(options) ?? options, new HostSurroundings(RenderWorkerCommand.OwnCommand()) { Time = time ?? TimeProvider.System, PictureCheck = surroundings => new PictureCheck(surroundings) });
        return new RunningServer(host);
    }

    public Uri Avatar(string address, string query) =>
        new($"http://{Host.Addresses.Http[0]}/avatar/{Libravatar.AddressHash.Sha256(address)}?{query}");

    public async ValueTask DisposeAsync()
    {
        Web.Dispose();
        await Host.DisposeAsync();
    }
}
