using System.Net;
using Likeness.Http.Tests.Hosting;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.Foreign;

/// <summary>A server whose Gravatar is a stand-in on loopback, reached under a name of Gravatar's.</summary>
internal sealed class GravatarStage(AvatarServer server, StandInServer gravatar, ManualTime time) : IAsyncDisposable
{
    public const string Stranger = "0123456789abcdef0123456789abcdef";
    public const string Host = "secure.gravatar.com";

    /// <summary>Names and addresses as the internet has them, but for the loopback that the stand-in needs.</summary>
    public static readonly AddressRule Loopback = IPAddress.IsLoopback;

    public AvatarServer Server => server;

    public StandInServer Gravatar => gravatar;

    public ManualTime Time => time;

    public static async Task<GravatarStage> Start(
        StandInServer gravatar,
        GravatarMode mode = GravatarMode.Proxy,
        Func<GravatarOptions, GravatarOptions>? change = null,
        Func<SafeFetchOptions, SafeFetchOptions>? rules = null,
        Func<DomainPolicy, DomainPolicy>? policy = null,
        Uri? publicUrl = null)
    {
        var time = new ManualTime();
        var options = new GravatarOptions { Base = gravatar.Url("/", Host) };
        options = options with
        {
            Fetch = options.Fetch with
            {
                MayConnect = Loopback,
                MayUsePort = _ => true,
                Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([IPAddress.Loopback]),
            },
        };
        options = options with { Fetch = rules?.Invoke(options.Fetch) ?? options.Fetch };
        var domain = new DomainPolicy { Domain = "example.org", Gravatar = mode };
        var server = await AvatarServer.Start(
            new AvatarOptions { Gravatar = change?.Invoke(options) ?? options, PublicUrl = publicUrl },
            policy?.Invoke(domain) ?? domain,
            with: services => services.AddSingleton<TimeProvider>(time));
        return new GravatarStage(server, gravatar, time);
    }

    public Task<Answer> Get(string query = "", string hash = Stranger, params string[] headers) => server.Get($"/avatar/{hash}{query}", headers);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await gravatar.DisposeAsync();
    }
}
