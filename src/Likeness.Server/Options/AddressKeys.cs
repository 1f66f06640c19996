using System.Collections.Immutable;
using Likeness.Libravatar;

namespace Likeness.Server.Options;

/// <summary>Which addresses of a domain stand for whom, beside those that people have.</summary>
internal static class AddressKeys
{
    private const int MaxTags = 50;
    private const string Any = "any";

    public static ImmutableArray<OptionKey> All { get; } =
    [
        new("plus-tags", "none", "github,lists",
            "Tags with which every address is answered too (`juliet+github@…`); `any` for all of them where the plain address is known.",
            (options, values) => options with { Policy = options.Policy with { PlusTags = Tags(values) } })
        {
            Repeatable = true,
            PerDomain = true,
        },
        new("catch-all", "none", "club@example.org",
            "The address whose portrait is shown for everybody of the domain who shows none.",
            (options, values) => options with { Policy = options.Policy with { CatchAll = CatchAll(OptionText.One(values)) } })
        {
            PerDomain = true,
        },
    ];

    private static PlusTags Tags(IReadOnlyList<string> values)
    {
        var said = values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(tag => tag.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        if (said.Find(tag => tag.Any(letter => letter is '@' or '+' || char.IsWhiteSpace(letter))) is { } wrong)
        {
            throw new FormatException($"'{wrong}' is not a tag");
        }

        return said.Count <= MaxTags
            ? new PlusTags([.. said.Where(tag => tag != Any)], said.Contains(Any))
            : throw new FormatException($"at most {MaxTags} tags are kept by hash");
    }

    private static Address CatchAll(string value) =>
        Address.TryParse(value, out var address) ? address : throw new FormatException($"'{value}' is not an address");
}
