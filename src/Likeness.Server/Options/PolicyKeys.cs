using System.Collections.Immutable;

namespace Likeness.Server.Options;

/// <summary>The settings that each domain may decide for itself.</summary>
internal static class PolicyKeys
{
    private static readonly Func<DomainPolicy, IReadOnlyList<string>, DomainPolicy> Visibility =
        (policy, values) => policy with { DefaultVisibility = (Visibility)OptionText.OneOf(values, "public", "contacts", "nobody") };

    private static readonly Func<DomainPolicy, IReadOnlyList<string>, DomainPolicy> DefaultFace =
        (policy, values) => policy with { DefaultFace = OptionText.One(values) };

    private static readonly Func<DomainPolicy, IReadOnlyList<string>, DomainPolicy> CacheSeconds =
        (policy, values) => policy with { CacheSeconds = OptionText.Number(values, 0, 31_536_000) };

    private static readonly Func<DomainPolicy, IReadOnlyList<string>, DomainPolicy> LargestChatPicture =
        (policy, values) => policy with { LargestChatPicture = OptionText.Number(values, 1024, 1024 * 1024) };

    public static ImmutableArray<OptionKey> All { get; } =
    [
        Key("visibility", "public", "contacts", "Who sees a portrait whose owner chose nothing: public, contacts or nobody.", Visibility),
        Key("default-face", "mm", "identicon", "Shown on the web for people without a portrait.", DefaultFace),
        Key("cache-seconds", "300", "3600", "How long browsers may keep an avatar.", CacheSeconds),
        Key("largest-chat-picture", "262144", "65536", "Bytes of the largest picture that chats may publish.", LargestChatPicture),
    ];

    /// <summary>The decision of one domain, on top of what holds for all.</summary>
    public static LikenessOptions ApplyTo(LikenessOptions options, string domain, OptionKey key, IReadOnlyList<string> values)
    {
        var policy = options.Policies.GetValueOrDefault(domain) ?? options.Policy;
        var decided = key.Apply(options with { Policy = policy }, values).Policy;
        return options with { Policies = options.Policies.SetItem(domain, decided) };
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
