using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Bench.Federation;

/// <summary>A resolver on loopback for a hundred domains: one half has avatar servers and is answered after a while, nobody answers for the other.</summary>
internal sealed class HalfDeadInternet : IAsyncDisposable
{
    public const int Domains = 100;
    private const string AvatarHost = "avatars.alive.example";

    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    private readonly StandInResolver _resolver = new(async asked =>
    {
        if (asked.Name.EndsWith(".dead.example", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        await Task.Delay(Delay);
        return [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 443, AvatarHost))];
    });

    public int Asked => _resolver.Asked.Count;

    public DnsResolverOptions Resolver => new() { Servers = [_resolver.EndPoint.ToString()] };

    /// <summary>Alive and dead in turn.</summary>
    public static string Domain(int number) => number % 2 == 0 ? $"club{number}.alive.example" : $"club{number}.dead.example";

    public static bool IsFederated(string? url) => url?.Contains(AvatarHost, StringComparison.Ordinal) == true;

    public ValueTask DisposeAsync() => _resolver.DisposeAsync();
}
