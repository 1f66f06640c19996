using System.Collections.Immutable;
using System.Net;
using Likeness.Http;
using Likeness.Libravatar.Fetching;

namespace Likeness.Server.Options;

/// <summary>Settings of the web side that hold for all domains.</summary>
internal static class WebKeys
{
    private const int Mebibyte = 1024 * 1024;

    public static ImmutableArray<OptionKey> All { get; } =
    [
        new("public-url", "none", "https://avatars.example.org",
            "Where this server is reached from outside; https, or http on a loopback address.",
            (options, values) => options with { PublicUrl = PublicUrl(OptionText.One(values)) }),
        new("pages", "on", "off",
            "Whether people find pages here on which they sign in and change their picture; off: avatars and programs alone are served.",
            (options, values) => options with { Pages = OptionText.OneOf(values, "off", "on") == 1 }),
        new("picture-import", "off", "on",
            "on: people may bring the picture that Gravatar or Libravatar shows for one of their addresses (asked by a hash of it), or that a site of `oidc` says is theirs.",
            (options, values) => options with { PictureImport = options.PictureImport with { IsOn = OptionText.OneOf(values, "off", "on") == 1 } }),
        new("page-proofs", "off", "on",
            "on: people have a web address (OpenID) by a link on its page back here (rel=me); the page is asked for when they say so, and once a year.",
            (options, values) => options with { PageProofs = OptionText.OneOf(values, "off", "on") == 1 ? new SafeFetchOptions() : null }),
        new("outside-check", "off", "on",
            "on: \"Check my picture now\" asks DNS, and the servers that DNS names for the person's addresses, too; off: this server and its chats alone.",
            (options, values) => options with { OutsideCheck = OptionText.OneOf(values, "off", "on") == 1 }),
        new("return-host", "none", "forge.example.org",
            "HOST or HOST:PORT of an app that sends people to /me/picture?return=URL: the page leads back there, and nowhere else.",
            (options, values) => options with { ReturnHosts = [.. values.Select(ReturnHost)] })
        {
            Repeatable = true,
        },
        new("trusted-proxy", "none", "192.0.2.0/28",
            "A web server in front whose X-Forwarded-For, -Proto and -Host are believed: an IP address or network. Others are not.",
            (options, values) => options with { TrustedProxies = OptionText.Networks(values) })
        {
            Repeatable = true,
        },
        new("default-image", "none", "silhouette=/etc/likeness/silhouette.png",
            "NAME=FILE: a picture that `d=NAME` or `default-face` shows for people without a portrait.",
            (options, values) => options with { DefaultImages = DefaultImageOption.ParseAll(values) })
        {
            Repeatable = true,
            NamesFile = true,
        },
        Number("avatar-memory", "144", "512", "Mebibytes of memory for avatars that were made.", 8, 64 * 1024,
            (avatars, number) => avatars with
            {
                AnswerMemory = number * (long)Mebibyte * 4 / 9,
                PictureMemory = number * (long)Mebibyte * 4 / 9,
                FaceMemory = number * (long)Mebibyte / 9,
            }),
        Number("most-renders", "256", "64", "Renders that may wait for a worker at a moment: one client's and all made-up faces half as many, one person's a quarter; who comes then is asked to come back.", 2, 10_000,
            (avatars, number) => avatars with { MaxRenders = number }),
        Number("renders-per-minute", "600", "120", "Avatars that one client address may have rendered in a minute, loopback excepted; 0: any number.", 0, 1_000_000,
            (avatars, number) => avatars with { RendersPerMinute = number }),
    ];

    private static OptionKey Number(string name, string byDefault, string example, string meaning, int least, int most, Func<AvatarOptions, int, AvatarOptions> apply) =>
        new(name, byDefault, example, meaning, (options, values) => options with { Avatars = apply(options.Avatars, OptionText.Number(values, least, most)) });

    // As it stands in addresses: the usual port is not said.
    private static string ReturnHost(string text)
    {
        var isHost = Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var url) && url is { UserInfo: "", Query: "", Fragment: "", AbsolutePath: "/" } && !text.Contains('*', StringComparison.Ordinal);
        return isHost ? (url!.IsDefaultPort ? url.IdnHost.ToLowerInvariant() : $"{url.IdnHost.ToLowerInvariant()}:{url.Port}") : throw new FormatException($"'{text}' is neither HOST nor HOST:PORT");
    }

    private static Uri PublicUrl(string text)
    {
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && text.Contains("://", StringComparison.Ordinal)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsLoopback(url)))
            && url is { UserInfo: "", Query: "", Fragment: "", Host: not "" };
        return isUrl ? url! : throw new FormatException($"'{text}' is not an https URL without user, query and fragment");
    }

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address));
}
