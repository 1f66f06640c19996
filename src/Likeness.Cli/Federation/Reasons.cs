using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;

namespace Likeness.Cli.Federation;

/// <summary>Says to a person why an avatar is looked for where it is.</summary>
internal static class Reasons
{
    /// <summary>Null when the domain's own server is asked: nothing needs to be said.</summary>
    public static string? WhyNotOwn(string domain, DiscoveryStatus discovery) => discovery switch
    {
        DiscoveryStatus.Found => null,
        DiscoveryStatus.None => $"{domain} names no avatar server in DNS",
        DiscoveryStatus.Absent => $"{domain} says in DNS that it has no avatar server",
        DiscoveryStatus.NotAsked => $"{domain} is no name of the public DNS and was not looked up",
        _ => $"DNS gave no answer about {domain}",
    };

    public static bool IsBroken(DiscoveryStatus discovery) => discovery is DiscoveryStatus.Pending or DiscoveryStatus.Failed;

    /// <summary>Tells on standard error that another server than the domain's own is asked, and why.</summary>
    public static async Task TellFallback(Terminal terminal, string domain, DiscoveryStatus discovery, AvatarBase? server)
    {
        if (WhyNotOwn(domain, discovery) is { } why)
        {
            await terminal.Error.WriteLineAsync($"likeness: {why}{(server is null ? ", and there is no other server for this scheme" : $": {server} is asked instead")}.");
        }
    }
}
