using System.Collections.Immutable;

namespace Likeness.Server.Options;

/// <summary>The settings of the gateway to other domains' servers (L-8D).</summary>
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

    private static LikenessOptions With(LikenessOptions options, Http.GatewayOptions gateway) =>
        options with { Avatars = options.Avatars with { Gateway = gateway } };
}
