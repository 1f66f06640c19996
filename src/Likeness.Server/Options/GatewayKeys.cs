using System.Collections.Immutable;
using Likeness.Libravatar.Resolving;

namespace Likeness.Server.Options;

/// <summary>The settings of the gateway to other domains' servers.</summary>
internal static class GatewayKeys
{
    public static ImmutableArray<OptionKey> All { get; } =
    [
        new("gateway", "off", "on",
            "on: `/avatar/HASH?domain=example.org` shows what that domain's own server shows, for applications that know no federation.",
            (options, values) => With(options, options.Avatars.Gateway with { IsOn = OptionText.OneOf(values, "off", "on") == 1 })),
        new("gateway-domain", "every domain", "example.net",
            "A domain that the gateway may ask for.",
            (options, values) => With(options, options.Avatars.Gateway with { Domains = [.. values.Select(OptionText.Host)] }))
        {
            Repeatable = true,
        },
    ];

    /// <summary>The gateway asks the same resolver as everybody in this server.</summary>
    public static Http.GatewayOptions Of(LikenessOptions options)
    {
        var gateway = options.Avatars.Gateway;
        if (options.Resolvers.IsEmpty)
        {
            return gateway;
        }

        var resolvers = new DnsResolverOptions { Servers = [.. options.Resolvers.Select(resolver => resolver.ToString())] };
        return gateway with { Client = gateway.Client with { Discovery = gateway.Client.Discovery with { Resolver = resolvers } } };
    }

    /// <summary>Of which other domains pictures can be had here.</summary>
    public static Func<string, bool> Shows(LikenessOptions options) =>
        domain => options.Avatars.Gateway is { IsOn: true } gateway && (gateway.Domains.Count == 0 || gateway.Domains.Contains(domain));

    private static LikenessOptions With(LikenessOptions options, Http.GatewayOptions gateway) =>
        options with { Avatars = options.Avatars with { Gateway = gateway } };
}
