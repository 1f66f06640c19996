using System.Collections.Immutable;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Web.Looks;

namespace Likeness.Server.Options;

/// <summary>The settings that each domain may decide for itself.</summary>
internal static class PolicyKeys
{
    /// <summary>Bytes: every page has it.</summary>
    internal const int MaxLogo = 64 * 1024;

    private const int Year = 31_536_000;

    public static ImmutableArray<OptionKey> All { get; } =
    [
        Key("visibility", "public", "contacts", "Who sees a portrait whose owner chose nothing: public, contacts or nobody.",
            (policy, values) => policy with { DefaultVisibility = (Visibility)OptionText.OneOf(values, "public", "contacts", "nobody") }),
        Key("widest-visibility", "public", "contacts", "The widest that people of the domain may choose, in chats, on the pages and by REST: public, contacts or nobody. What was chosen before counts no further.",
            (policy, values) => policy with { WidestVisibility = (Visibility)OptionText.OneOf(values, "public", "contacts", "nobody") }),
        Key("default-face", "mm", "identicon", "Shown on the web for people without a portrait: a face, or the name of a `default-image`.",
            (policy, values) => policy with { DefaultFace = OptionText.One(values) }),
        Key("default-size", "80", "128", "Edge in pixels of an avatar that is asked for without a size.",
            (policy, values) => policy with { Sizes = policy.Sizes with { Default = OptionText.Number(values, 1, 2048) } }),
        Key("largest-size", "512", "1024", "Edge in pixels of the largest avatar, 512 to 2048; who asks for more gets this.",
            (policy, values) => policy with { Sizes = policy.Sizes with { Largest = OptionText.Number(values, 512, 2048) } }),
        Key("md5", "yes", "no", "no: only SHA-256 hashes stand for people; MD5 hashes are answered as unknown.",
            (policy, values) => policy with { Md5 = OptionText.YesOrNo(values) }),
        Key("trusted-defaults", "none", "https://*.example.org/avatars/", "Where a URL in `d` may lead: [https://][*.]host[:port][/path]. Other URLs are ignored.",
            (policy, values) => policy with { TrustedDefaults = [.. values.Select(TrustedDefault.Parse)] }) with
        {
            Repeatable = true,
        },
        Key("gravatar", "off", "proxy", "What happens for people this server does not know: off, redirect (browsers go to Gravatar) or proxy (this server asks).",
            (policy, values) => policy with { Gravatar = (GravatarMode)OptionText.OneOf(values, "off", "redirect", "proxy") }) with
        {
            Bare = "redirect",
        },
        Key("picture-links", "yes", "no", "Whether chats are also told where large pictures are on the web; needs `public-url`.",
            (policy, values) => policy with { PictureLinks = OptionText.YesOrNo(values) }),
        Key("web-host", "the domain and everything below it", "avatars.example.org", "Host names under which a domain's avatars are asked for, each with everything below it.",
            (policy, values) => policy with { WebHosts = [.. values.Select(OptionText.Host)] }) with
        {
            Repeatable = true,
        },
        Key("cache-seconds", "300", "3600", "How long browsers may keep an avatar.",
            (policy, values) => policy with { CacheSeconds = OptionText.Number(values, 0, Year) }),
        Key("default-cache-seconds", "as cache-seconds", "60", "How long browsers may keep what stands in for an avatar, 404 included.",
            (policy, values) => policy with { DefaultCacheSeconds = OptionText.Number(values, 0, Year) }),
        Key("largest-chat-picture", "262144", "65536", "Bytes of the largest picture that chats may publish.",
            (policy, values) => policy with { LargestChatPicture = OptionText.Number(values, 1024, 1024 * 1024) }),
        Key("archive-days", "31", "365", "Days for which archives keep what people of the domain wrote and were written, and what was said in its rooms; 0: for good.",
            (policy, values) => policy with { ArchiveDays = OptionText.Number(values, 0, 36_500) }),
        Key("seen", "counts", "sites", "Whether people see on their page where their portrait was seen in the last 30 days: off, counts (how often, by which hash, in which sizes and types) or sites (the names of the sites, too). Nothing of visitors is kept.",
            (policy, values) => policy with { Seen = (SeenCounting)OptionText.OneOf(values, "off", "counts", "sites") }),
        Key("accent", "#5c3cb0 and #c3b0f5", "#0b57d0", "Colour of links and buttons on the pages; a second one for dark pages, else the first one lightened. Both have to be readable there: a contrast of 4.5.",
            (policy, values) => policy with { Look = policy.Look with { Accent = PageAccent.Parse(values) } }) with
        {
            Repeatable = true,
        },
        Key("logo", "two circles", "/etc/likeness/logo.png", "Picture before the domain's name on the pages, at most 64 KiB (PNG, WebP, AVIF, JPEG or GIF); a second one for dark pages.",
            (policy, values) => policy with { Look = policy.Look with { Logos = Logos(values) } }) with
        {
            Repeatable = true,
            NamesFile = true,
        },
    ];

    /// <summary>The decision of one domain, on top of what holds for all.</summary>
    public static LikenessOptions ApplyTo(LikenessOptions options, string domain, OptionKey key, IReadOnlyList<string> values)
    {
        var policy = options.Policies.GetValueOrDefault(domain) ?? options.Policy;
        var decided = key.Apply(options with { Policy = policy }, values).Policy;
        return options with { Policies = options.Policies.SetItem(domain, decided) };
    }

    private static IReadOnlyList<PageLogo> Logos(IReadOnlyList<string> values) =>
        values.Count is 1 or 2 ? [.. OptionText.Files(values).Select(Logo)] : throw new FormatException("needs one picture for light pages or, with a second one, for dark pages too");

    private static PageLogo Logo(string file)
    {
        if (new FileInfo(file).Length > MaxLogo)
        {
            throw new FormatException($"'{file}' has {new FileInfo(file).Length} bytes; at most {MaxLogo} are allowed");
        }

        try
        {
            var bytes = File.ReadAllBytes(file);
            return ImageGate.TryIdentify(bytes, out var header)
                ? new PageLogo(bytes, header.Format.MediaType(), header.Width, header.Height)
                : throw new FormatException($"'{file}' is not a picture that browsers are given here: PNG, WebP, AVIF, JPEG or GIF");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"'{file}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static OptionKey Key(
        string name,
        string byDefault,
        string example,
        string meaning,
        Func<DomainPolicy, IReadOnlyList<string>, DomainPolicy> apply) =>
        new(name, byDefault, example, meaning, (options, values) => options with { Policy = apply(options.Policy, values) })
        {
            PerDomain = true,
        };
}
